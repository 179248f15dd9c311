import { parseErrorResponse } from "@modelcontextprotocol/client";
import { z } from "zod";
import { authenticateClient } from "./client-authentication.ts";
import type { Fetch } from "./metadata-fetch.ts";
import type { GrantContext } from "./token-record.ts";

/** Some servers write null for what they leave out. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => value ?? undefined, schema.optional());

const tokensSchema = z.object({
  access_token: z.string(),
  token_type: z.string(),
  issued_token_type: optional(z.string()),
  // Some servers write it as text.
  expires_in: optional(z.coerce.number()),
  scope: optional(z.string()),
});
export type IssuedTokens = z.infer<typeof tokensSchema>;

/**
 * Asks a token endpoint for what the SDK's functions do not ask for alone: grants in which no code is redeemed.
 * @throws OAuthError what the server refuses, AppError whatever the fetch throws.
 */
export async function requestTokens(
  fetch: Fetch,
  { server, client }: Pick<GrantContext, "server" | "client">,
  parameters: Readonly<Record<string, string>>,
): Promise<IssuedTokens> {
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded", accept: "application/json" });
  const body = new URLSearchParams(parameters);
  const endpoint = new URL(server.tokenEndpoint);
  await authenticateClient(server, client)(headers, body, endpoint);
  const response = await fetch(endpoint, { method: "POST", headers, body });
  if (!response.ok) throw await parseErrorResponse(response);
  const answer: unknown = await response.json().catch(() => null);
  const parsed = tokensSchema.safeParse(answer);
  // Some servers refuse with status 200; anything else that is no token reads as a server's trouble.
  if (!parsed.success) throw await parseErrorResponse(JSON.stringify(answer));
  return parsed.data;
}
