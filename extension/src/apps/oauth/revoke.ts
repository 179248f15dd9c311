import { authenticateClient } from "./client-authentication.ts";
import type { Fetch } from "./metadata-fetch.ts";
import type { TokenRecord } from "./token-record.ts";

/** RFC 7009, where offered: the refresh token, which ends the whole grant, else the access token. Never throws. */
export async function revoke(fetch: Fetch, record: TokenRecord): Promise<boolean> {
  const { server, client } = record.context;
  if (server.revocationEndpoint === null) return false;
  const [token, hint] =
    record.refreshToken === null ? [record.accessToken, "access_token"] : [record.refreshToken, "refresh_token"];
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded", accept: "application/json" });
  const body = new URLSearchParams({ token, token_type_hint: hint });
  const endpoint = new URL(server.revocationEndpoint);
  try {
    await authenticateClient(server, client)(headers, body, endpoint);
    const response = await fetch(endpoint, { method: "POST", headers, body, signal: AbortSignal.timeout(5_000) });
    return response.ok;
  } catch {
    return false;
  }
}
