import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";

/** An AI client's side of OAuth, written out, so that a test can send exactly what one real client sends. */
const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string(),
  revocation_endpoint: z.string(),
  jwks_uri: z.string(),
});
export type ServerMetadata = z.infer<typeof metadataSchema>;

const tokensSchema = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.string(),
  expires_in: z.number(),
});
export type Tokens = z.infer<typeof tokensSchema>;

/** From the endpoint's refusal to the authorization server's metadata, as clients find it. */
export async function discover(endpoint: string): Promise<{ resource: string; metadata: ServerMetadata }> {
  const refused = await fetch(endpoint, { method: "POST", body: "{}" });
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const address = /resource_metadata="([^"]+)"/u.exec(challenge)?.[1];
  if (refused.status !== 401 || address === undefined) throw new Error(`No challenge: ${refused.status} ${challenge}`);
  const resource = z
    .looseObject({ resource: z.string(), authorization_servers: z.array(z.string()).min(1) })
    .parse(await (await fetch(address)).json());
  const issuer = resource.authorization_servers[0] ?? "";
  const metadata = await fetch(new URL("/.well-known/oauth-authorization-server", issuer));
  return { resource: resource.resource, metadata: metadataSchema.parse(await metadata.json()) };
}

export async function register(metadata: ServerMetadata, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(metadata.registration_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

export type Authorization = { url: string; verifier: string; state: string };

/** `parameters` null leaves one out. */
export function authorizeUrl(
  metadata: ServerMetadata,
  request: { clientId: string; redirectUri: string; resource: string | null; scope: string | null },
): Authorization {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state,
  });
  if (request.resource !== null) parameters.set("resource", request.resource);
  if (request.scope !== null) parameters.set("scope", request.scope);
  return { url: `${metadata.authorization_endpoint}?${parameters.toString()}`, verifier, state };
}

/** The token endpoint's answer to any parameters. */
export async function askTokens(
  metadata: ServerMetadata,
  parameters: Record<string, string>,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(metadata.token_endpoint, { method: "POST", body: new URLSearchParams(parameters) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export async function redeem(
  metadata: ServerMetadata,
  code: { code: string; clientId: string; redirectUri: string; verifier: string; resource: string | null },
): Promise<Tokens> {
  const answer = await askTokens(metadata, {
    grant_type: "authorization_code",
    code: code.code,
    client_id: code.clientId,
    redirect_uri: code.redirectUri,
    code_verifier: code.verifier,
    ...(code.resource === null ? {} : { resource: code.resource }),
  });
  if (answer.status !== 200) throw new Error(`No token: ${answer.status} ${JSON.stringify(answer.body)}`);
  return tokensSchema.parse(answer.body);
}

export const refresh = (metadata: ServerMetadata, clientId: string, token: string) =>
  askTokens(metadata, { grant_type: "refresh_token", refresh_token: token, client_id: clientId });

export const readTokens = (body: unknown): Tokens => tokensSchema.parse(body);

/** `tools/list` by hand in the era without sessions: status and names. */
export async function listTools(endpoint: string, token: string): Promise<{ status: number; names: string[] }> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/list",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/list",
      params: {
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  });
  const text = await response.text();
  if (response.status !== 200) return { status: response.status, names: [] };
  const data =
    text
      .split("\n")
      .findLast((line) => line.startsWith("data: {"))
      ?.slice(6) ?? text;
  const message = z.looseObject({ result: z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) }) });
  return { status: 200, names: message.parse(JSON.parse(data)).result.tools.map(({ name }) => name) };
}
