import { createHash, randomBytes } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCookieJar, type CookieJar } from "../support/cookie-jar.ts";
import { startOAuthApp, type OAuthApp } from "../support/oauth-app.ts";

// The scenario suites believe what this app counts, so it is held to the protocol itself.

const REDIRECT = "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/callback";
const tokensSchema = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });
type Tokens = z.infer<typeof tokensSchema>;

test("names its authorization server in the challenge and refuses foreign tokens", async () => {
  await using app = await startOAuthApp();
  const bare = await fetch(app.url, { method: "POST", body: "{}" });
  expect(bare.status).toBe(401);
  const challenge = bare.headers.get("www-authenticate") ?? "";
  expect(challenge).not.toContain("error=");
  const metadataUrl = /resource_metadata="([^"]+)"/u.exec(challenge)?.[1] ?? "";
  const metadata = await (await fetch(metadataUrl)).json();
  expect(metadata).toMatchObject({ resource: app.url, authorization_servers: [app.authorization.issuer] });
  const foreign = await fetch(app.url, { method: "POST", body: "{}", headers: { authorization: "Bearer x.y.z" } });
  expect(foreign.status).toBe(401);
  expect(foreign.headers.get("www-authenticate")).toContain('error="invalid_token"');
});

test("gives a session that signed in its tokens, and both protocol eras its tools", async () => {
  await using app = await startOAuthApp({ consent: "click" });
  const { tokens } = await authorise(app);
  for (const mode of ["legacy", "auto"] as const) {
    const client = await connect(app, tokens, mode);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("delete-thing");
    const sum = await client.callTool({ name: "add", arguments: { a: 2, b: 3 } });
    expect(sum.structuredContent).toEqual({ sum: 5 });
    await client.close();
  }
  expect(app.executions.finished.get("add")).toBe(2);
  expect(app.seenTokens).toEqual(new Set([tokens.access_token]));
  expect(app.authorization.counters).toMatchObject({ codes: 1, refreshes: 0 });
});

test("rotates refresh tokens, counts refreshes and ends everything on revocation", async () => {
  await using app = await startOAuthApp({ accessTokenTtl: 1 });
  const { tokens, clientId } = await authorise(app);
  expect(tokens.expires_in).toBe(1);
  const renewed = await refresh(app, clientId, tokens.refresh_token);
  expect(renewed.status).toBe(200);
  const next = tokensSchema.parse(await renewed.json());
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  expect(app.authorization.issued.refreshTokens).toEqual([tokens.refresh_token, next.refresh_token]);
  await app.authorization.revokeAll();
  expect((await refresh(app, clientId, next.refresh_token)).status).toBe(400);
  expect(app.authorization.counters).toMatchObject({ refreshes: 1, refusedRefreshes: 1 });
});

test("answers what no schema knows", async () => {
  await using app = await startOAuthApp();
  const { tokens } = await authorise(app);
  const init = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
  };
  const first = await post(app, tokens, init);
  const session = first.headers.get("mcp-session-id") ?? "";
  await first.text();
  const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "strange", arguments: {} } };
  const answer = await (await post(app, tokens, call, session)).text();
  expect(answer).toContain('"hologram"');
  expect(answer).toContain('"x-unknown"');
});

async function authorise(app: OAuthApp): Promise<{ tokens: Tokens; clientId: string }> {
  const { issuer } = app.authorization;
  const server = z
    .object({ registration_endpoint: z.string(), authorization_endpoint: z.string(), token_endpoint: z.string() })
    .parse(await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json());
  const registered = await fetch(server.registration_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: "test", redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" }),
  });
  const { client_id: clientId } = z.object({ client_id: z.string() }).parse(await registered.json());
  const verifier = randomBytes(32).toString("base64url");
  const jar = createCookieJar();
  await jar.fetch(app.authorization.loginUrl("ada"));
  const code = await follow(
    `${server.authorization_endpoint}?${new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: REDIRECT,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      resource: app.url,
      scope: "tools",
      state: "s",
    }).toString()}`,
    jar,
  );
  const answer = await fetch(server.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      client_id: clientId,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
      resource: app.url,
    }),
  });
  return { tokens: tokensSchema.parse(await answer.json()), clientId };
}

/** Walks the redirects as a browser does, allowing where it is asked, and answers the code. */
async function follow(start: string, jar: CookieJar): Promise<string> {
  let url = start;
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await jar.fetch(url);
    const location = response.headers.get("location");
    if (location === null) {
      const form = /action="([^"]+)"/u.exec(await response.text())?.[1] ?? "";
      url = new URL(`${form}?decision=allow`, url).href;
      continue;
    }
    url = new URL(location, url).href;
    if (url.startsWith(REDIRECT)) return new URL(url).searchParams.get("code") ?? "";
  }
  throw new Error(`The authorisation did not end; last at ${url}.`);
}

async function connect(app: OAuthApp, tokens: Tokens, mode: "legacy" | "auto"): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(app.url), {
      requestInit: { headers: { authorization: `Bearer ${tokens.access_token}` } },
    }),
  );
  return client;
}

const refresh = (app: OAuthApp, clientId: string, token: string): Promise<Response> =>
  fetch(`${app.authorization.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: token, client_id: clientId }),
  });

const post = (app: OAuthApp, tokens: Tokens, message: unknown, session = ""): Promise<Response> =>
  fetch(app.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${tokens.access_token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(session === "" ? {} : { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" }),
    },
    body: JSON.stringify(message),
  });
