import { randomUUID } from "node:crypto";
import { SignJWT, type JWTPayload } from "jose";
import { serve } from "./serve.ts";
import { PROVIDER_REDIRECT_URL } from "./set-up.ts";
import type { StrictServer } from "./strict-server.ts";

export const ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
const KEY = new TextEncoder().encode("known to the provider alone, which is all that a test needs");

export type StrictProvider = AsyncDisposable & {
  issuer: string;
  /** Whose web session the browser has; null: a page is shown. */
  person: string | null;
  /** Seconds. */
  lifetime: number;
  /** Changes the claims of the ID tokens it gives. */
  claims: (claims: JWTPayload) => JWTPayload;
  /** Answers the next exchanges with these instead. */
  refusals: (() => Response)[];
  /** A grant for a resource, without being asked. */
  grant: (resource: string) => string;
  exchanges: URLSearchParams[];
  authorizations: URLSearchParams[];
  counts: { codes: number };
  /** ID tokens, in the order they were given. */
  issued: string[];
  /** Answers everything with 503. */
  isDown: boolean;
};

/** An identity provider, and what makes `authorization` take its word for its people (grant jwt-bearer). */
export async function startStrictProvider(authorization: StrictServer): Promise<StrictProvider> {
  const codes = new Map<string, { person: string; nonce: string; clientId: string }>();
  const grants = new Map<string, { audience: string; resource: string }>();

  const grant = (resource: string, audience: string): string => {
    const jag = `jag-${randomUUID()}`;
    grants.set(jag, { audience, resource });
    return jag;
  };

  const answer = async (person: string, clientId: string, nonce: string): Promise<Response> => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: provider.issuer, sub: person, aud: clientId, iat: now, exp: now + provider.lifetime };
    const all = provider.claims({ ...claims, nonce });
    const idToken = await new SignJWT(all).setProtectedHeader({ alg: "HS256" }).sign(KEY);
    provider.issued.push(idToken);
    const tokens = { access_token: `idp-at-${randomUUID()}`, token_type: "Bearer", id_token: idToken };
    return Response.json({ ...tokens, refresh_token: "unwanted" });
  };

  const token = async (request: Request): Promise<Response> => {
    const body = new URLSearchParams(await request.text());
    const clientId = body.get("client_id") ?? "";
    if (body.get("grant_type") === "authorization_code") {
      const known = codes.get(body.get("code") ?? "");
      if (known === undefined || known.clientId !== clientId) return refuse("invalid_grant");
      provider.counts.codes += 1;
      return answer(known.person, known.clientId, known.nonce);
    }
    provider.exchanges.push(body);
    const refusal = provider.refusals.shift();
    if (refusal !== undefined) return refusal();
    const jag = grant(body.get("resource") ?? "", body.get("audience") ?? "");
    return Response.json({ access_token: jag, issued_token_type: ID_JAG, token_type: "N_A", expires_in: 300 });
  };

  const authorize = (url: URL): Response => {
    const query = url.searchParams;
    provider.authorizations.push(query);
    // Registered for its one client; anything else is an error page, without a way back.
    if (query.get("redirect_uri") !== PROVIDER_REDIRECT_URL) return new Response("unknown redirect URI");
    const back = new URL(PROVIDER_REDIRECT_URL);
    back.searchParams.set("state", query.get("state") ?? "");
    if (provider.person === null) {
      if (query.get("prompt") !== "none") return new Response("<form>sign in</form>");
      back.searchParams.set("error", "login_required");
      return new Response(null, { status: 302, headers: { location: back.href } });
    }
    const code = randomUUID();
    const clientId = query.get("client_id") ?? "";
    codes.set(code, { person: provider.person, nonce: query.get("nonce") ?? "", clientId });
    back.searchParams.set("code", code);
    return new Response(null, { status: 302, headers: { location: back.href } });
  };

  const served = await serve(async (request) => {
    const url = new URL(request.url);
    if (provider.isDown) return new Response("down", { status: 503 });
    if (url.pathname === "/authorize") return authorize(url);
    if (url.pathname === "/token") return token(request);
    if (url.pathname !== "/.well-known/openid-configuration") return new Response("not here", { status: 404 });
    return Response.json({
      issuer: served.origin,
      authorization_endpoint: `${served.origin}/authorize`,
      token_endpoint: `${served.origin}/token`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_post"],
    });
  });

  authorization.otherGrant = (body) => {
    const known = grants.get(body.get("assertion") ?? "");
    grants.delete(body.get("assertion") ?? "");
    if (body.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return null;
    return known?.audience === authorization.issuer ? authorization.issueToken() : refuse("invalid_grant");
  };

  const provider: StrictProvider = {
    issuer: served.origin,
    person: "ada",
    lifetime: 3_600,
    claims: (claims) => claims,
    refusals: [],
    grant: (resource) => grant(resource, authorization.issuer),
    exchanges: [],
    authorizations: [],
    counts: { codes: 0 },
    issued: [],
    isDown: false,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
  return provider;
}

export const refuse = (error: string, status = 400): Response => Response.json({ error }, { status });
