import { expect, test } from "vitest";
import { authorize } from "./oauth/authorize.ts";
import { discover } from "./oauth/discover.ts";
import { createMetadataFetch, type Fetch } from "./oauth/metadata-fetch.ts";
import type { GrantContext } from "./oauth/token-record.ts";
import { startAppServer } from "./test-support/app-server.ts";
import { fakeIdentity, REDIRECT_URL, setUpApps } from "./test-support/set-up.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

const APP = "https://mcp.example.com/mcp";
const ISSUER = "https://auth.example.com";

const resourceDocument = { resource: APP, authorization_servers: [ISSUER], scopes_supported: ["tools"] };
const serverDocument = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  registration_endpoint: `${ISSUER}/register`,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
};

/** The internet as an attacker would arrange it; records what was asked. */
function internet(documents: Record<string, unknown>): { fetch: Fetch; asked: string[]; inits: RequestInit[] } {
  const asked: string[] = [];
  const inits: RequestInit[] = [];
  const fetch: Fetch = (input, init = {}) => {
    asked.push(String(input));
    inits.push(init);
    const document = documents[String(input)];
    if (document instanceof Response) return Promise.resolve(document);
    return Promise.resolve(document === undefined ? new Response(null, { status: 404 }) : Response.json(document));
  };
  return { fetch, asked, inits };
}

const RESOURCE_URL = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const SERVER_URL = `${ISSUER}/.well-known/oauth-authorization-server`;

const originRules = { strip: () => Promise.resolve(false) };

function discoverIn(documents: Record<string, unknown>, resourceMetadataUrl: string | null = null) {
  const net = internet({ [RESOURCE_URL]: resourceDocument, [SERVER_URL]: serverDocument, ...documents });
  const guarded = createMetadataFetch({
    fetch: net.fetch,
    appUrl: APP,
    originRules,
    mayReach: () => Promise.resolve(true),
  });
  return { net, result: discover(APP, { resourceMetadataUrl, scope: null }, guarded) };
}

test("an honest app is discovered without cookies or redirects", async () => {
  const { net, result } = discoverIn({});
  expect(await result).toMatchObject({ resource: APP, scope: "tools", server: { issuer: ISSUER } });
  for (const init of net.inits) expect(init).toMatchObject({ credentials: "omit", redirect: "error" });
});

test.each([
  ["another resource", { [RESOURCE_URL]: { ...resourceDocument, resource: "https://bank.example.com/" } }],
  ["a loopback issuer", { [RESOURCE_URL]: { ...resourceDocument, authorization_servers: ["http://127.0.0.1:9/"] } }],
  ["an issuer in the intranet", { [RESOURCE_URL]: { ...resourceDocument, authorization_servers: ["https://ldap/"] } }],
  ["another issuer's document", { [SERVER_URL]: { ...serverDocument, issuer: "https://accounts.example.org" } }],
  ["a loopback token endpoint", { [SERVER_URL]: { ...serverDocument, token_endpoint: "https://localhost/t" } }],
  ["a plain token endpoint", { [SERVER_URL]: { ...serverDocument, token_endpoint: "http://auth.example.com/t" } }],
  ["a script as page", { [SERVER_URL]: { ...serverDocument, authorization_endpoint: "javascript:alert(1)" } }],
  ["a router's page", { [SERVER_URL]: { ...serverDocument, authorization_endpoint: "https://192.168.0.1/reset" } }],
  ["a private registration", { [SERVER_URL]: { ...serverDocument, registration_endpoint: "https://10.0.0.1/" } }],
  ["a private revocation", { [SERVER_URL]: { ...serverDocument, revocation_endpoint: "https://[fd00::1]/" } }],
  ["only plain PKCE", { [SERVER_URL]: { ...serverDocument, code_challenge_methods_supported: ["plain"] } }],
  ["a huge document", { [SERVER_URL]: { ...serverDocument, padding: "x".repeat(300_000) } }],
  ["no metadata at all", { [SERVER_URL]: undefined }],
])("an app that names %s is refused", async (_what, documents) => {
  const { net, result } = discoverIn(documents);
  await expect(result).rejects.toMatchObject({ code: "connect_failed" });
  expect(net.asked.filter((url) => !/^https:\/\/(?:mcp|auth)\.example\.com\//u.test(url))).toEqual([]);
});

test("a challenge that leads into the network is refused before anything is asked", async () => {
  const { net, result } = discoverIn({}, "http://169.254.169.254/latest/meta-data");
  await expect(result).rejects.toMatchObject({ code: "connect_failed" });
  expect(net.asked).toEqual([]);
});

test("an origin that the browser does not allow is named", async () => {
  const net = internet({ [RESOURCE_URL]: resourceDocument });
  const guarded = createMetadataFetch({
    fetch: net.fetch,
    appUrl: APP,
    originRules,
    mayReach: (url) => Promise.resolve(url.host === "mcp.example.com"),
  });
  await expect(discover(APP, { resourceMetadataUrl: null, scope: null }, guarded)).rejects.toMatchObject({
    code: "connect_permission",
    detail: { origins: ISSUER },
  });
});

const context: GrantContext = {
  server: {
    issuer: ISSUER,
    authorizationEndpoint: `${ISSUER}/authorize`,
    tokenEndpoint: `${ISSUER}/token`,
    registrationEndpoint: null,
    revocationEndpoint: null,
    authMethods: ["none"],
    scopes: [],
    sendsIssuer: true,
  },
  client: { clientId: "c", clientSecret: null, authMethod: "none", redirectUri: REDIRECT_URL, origin: "registered" },
  resource: APP,
  scope: "tools",
};

test.each([
  ["no state", "connect_failed", (end: URL) => end.searchParams.delete("state")],
  ["another state", "connect_failed", (end: URL) => end.searchParams.set("state", "x")],
  ["two states", "connect_failed", (end: URL) => end.searchParams.append("state", "x")],
  ["another issuer", "connect_failed", (end: URL) => end.searchParams.set("iss", "https://evil.example")],
  ["no issuer though promised", "connect_failed", (end: URL) => end.searchParams.delete("iss")],
  ["two codes", "connect_failed", (end: URL) => end.searchParams.append("code", "x")],
  ["no code", "connect_failed", (end: URL) => end.searchParams.delete("code")],
  ["another path", "connect_failed", (end: URL) => void (end.pathname = "/elsewhere")],
  ["a refusal", "connect_denied", (end: URL) => end.searchParams.set("error", "access_denied")],
  ["a scope it does not grant", "connect_scope_missing", (end: URL) => end.searchParams.set("error", "invalid_scope")],
])("A38 an answer with %s ends as %s and no code is redeemed", async (_what, code, change) => {
  const net = internet({ [`${ISSUER}/token`]: { access_token: "t", token_type: "Bearer" } });
  const launchWebAuthFlow = ({ url }: { url: string }): Promise<string> => {
    const end = new URL(REDIRECT_URL);
    end.searchParams.set("code", "the-code");
    end.searchParams.set("state", new URL(url).searchParams.get("state") ?? "");
    end.searchParams.set("iss", ISSUER);
    change(end);
    return Promise.resolve(end.href);
  };
  const identity = { ...fakeIdentity(), launchWebAuthFlow };
  const deps = { identity, fetch: net.fetch, appHost: "mcp.example.com", now: () => 0 };
  await expect(authorize(deps, context, true)).rejects.toMatchObject({ code });
  expect(net.asked).toEqual([]);
});

test("a server that refuses mixed redirects gets the one of the browser, and refusing that names it", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  authorization.acceptRegistration = (body) =>
    JSON.stringify(body["redirect_uris"]).includes("127.0.0.1") ? "invalid_redirect_uri" : null;
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(authorization.registered.at(-1)).toMatchObject({ redirect_uris: [REDIRECT_URL], application_type: "web" });

  await using others = await setUpApps();
  authorization.acceptRegistration = () => "invalid_redirect_uri";
  const other = await others.add(app.url, "oauth");
  await expect(others.gateway.connect(other)).rejects.toMatchObject({
    code: "connect_redirect_refused",
    detail: { uri: REDIRECT_URL },
  });
});

test("A38 the person's own client is used at the issuer it was first used at, and never at another", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  await apps.gateway.setSignIn(connectionId, {
    kind: "authorization_code",
    client: { clientId: "own-id", clientSecret: "canary-secret" },
  });
  // The strict server does not know this client, so its page never returns.
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_denied" });
  expect(apps.identity.opened[0]).toContain("client_id=own-id");
  expect(authorization.counts.registrations).toBe(0);
  expect((await apps.database.connections.get(connectionId))?.status).toBe("not_connected");

  await using second = await startStrictServer();
  await using moved = await startAppServer({ authorization: second });
  const { appId } = (await apps.database.connections.get(connectionId)) ?? { appId: "" };
  await apps.database.apps.update(appId, { url: moved.url });
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_server_changed" });
  expect(second.tokenRequests).toEqual([]);
});

test("an authorization server that refuses the extension's Origin gets requests without it", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  const stripped: string[] = [];
  const strip = (url: string): Promise<boolean> => Promise.resolve(!stripped.includes(url) && stripped.push(url) > 0);
  await using apps = await setUpApps({ originRules: { strip } });
  const connectionId = await apps.add(app.url, "oauth");
  authorization.outages.push(() => Response.json({ error: "invalid_request" }, { status: 400 }));
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(stripped).toEqual([`${authorization.issuer}/token`]);
  expect(authorization.counts).toMatchObject({ codes: 1 });
});

test("an app that names another's authorization server is not the client that the person allowed there", async () => {
  await using authorization = await startStrictServer();
  await using honest = await startAppServer({ authorization });
  await using hostile = await startAppServer({ authorization });
  await using apps = await setUpApps();
  await apps.gateway.connect(await apps.add(honest.url, "oauth"));
  await apps.gateway.connect(await apps.add(hostile.url, "oauth"));
  const clients = apps.identity.opened.map((url) => new URL(url).searchParams.get("client_id"));
  expect(new Set(clients).size).toBe(2);
});

test("a client that the server has forgotten is registered again on the next Connect", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  await apps.gateway.connect(connectionId);
  authorization.webSession = false;
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_denied" });
  authorization.webSession = true;
  await apps.gateway.connect(connectionId);
  expect(authorization.counts.registrations).toBe(2);
});
