import { expect, test, vi } from "vitest";
import { startAppServer } from "./test-support/app-server.ts";
import { echoCall } from "./test-support/echo-call.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { ID_JAG, refuse, startStrictProvider } from "./test-support/strict-provider.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

const SECRET = "canary-secret";

/** Two apps of an organisation whose identity provider says who may use them. */
async function setUp() {
  const authorization = await startStrictServer();
  authorization.metadata = { scopes_supported: ["tools", "offline_access"] };
  const provider = await startStrictProvider(authorization);
  const [one, two] = [await startAppServer({ authorization }), await startAppServer({ authorization })];
  const apps = await setUpApps();
  const signIn = {
    kind: "enterprise_managed" as const,
    provider: { issuer: provider.issuer, clientId: "personas", clientSecret: SECRET },
    client: { clientId: "personas-at-app", clientSecret: "canary-at-app" },
  };
  const add = async (url: string): Promise<string> => {
    const connectionId = await apps.add(url, "oauth");
    await apps.gateway.setSignIn(connectionId, signIn);
    return connectionId;
  };
  return {
    authorization,
    provider,
    one,
    two,
    apps,
    signIn,
    add,
    connectionId: await add(one.url),
    secrets: async () => (await apps.database.secrets.toCollection().primaryKeys()).toSorted(),
    async [Symbol.asyncDispose]() {
      for (const part of [apps, one, two, provider, authorization]) await part[Symbol.asyncDispose]();
    },
  };
}

test("the provider's word on the person opens the app, and names it alone", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, one } = scene;
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  const [asked] = provider.authorizations;
  expect(Object.fromEntries(asked ?? [])).toMatchObject({ scope: "openid", response_type: "code" });
  expect([asked?.get("resource"), asked?.get("prompt")]).toEqual([null, null]);
  const [exchange] = provider.exchanges;
  expect(Object.fromEntries(exchange ?? [])).toMatchObject({
    requested_token_type: ID_JAG,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    audience: authorization.issuer,
    resource: one.url,
    scope: "tools",
    client_id: "personas",
    client_secret: SECRET,
  });
  // To the app's server goes the grant, and nothing of the provider's.
  const [redeemed] = authorization.tokenRequests;
  expect([...(redeemed?.body.keys() ?? [])]).toEqual(["grant_type", "assertion"]);
  expect(redeemed?.headers.get("authorization")).toBe(`Basic ${btoa("personas-at-app:canary-at-app")}`);
  const signIn = { kind: "enterprise_managed", issuer: provider.issuer, clientId: "personas" };
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "connected", signedIn: signIn });
  const tables = await Promise.all(apps.database.tables.map((table) => table.toArray()));
  expect(JSON.stringify(tables)).not.toMatch(/canary|eyJ/u);
});

test("one sign-in serves all apps of the organisation", async () => {
  await using scene = await setUp();
  const { apps, provider, connectionId, two } = scene;
  await apps.gateway.connect(connectionId);
  await apps.gateway.connect(await scene.add(two.url));
  // The second time nothing is shown.
  expect(provider.authorizations.map((asked) => asked.get("prompt"))).toEqual([null, "none"]);
  expect(provider.exchanges.map((asked) => asked.get("resource"))).toEqual([scene.one.url, two.url]);
});

test("a token is renewed by asking the provider again, which may say no from then on", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, one } = scene;
  await apps.gateway.connect(connectionId);
  authorization.expire();
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect([provider.exchanges.length, apps.identity.opened.length]).toEqual([2, 1]);
  // The app's refresh token would go on working after the provider's no.
  expect(authorization.tokenRequests.map(({ body }) => body.get("refresh_token"))).toEqual([null, null]);

  authorization.expire();
  provider.refusals.push(
    () => refuse("access_denied"),
    () => refuse("access_denied"),
  );
  const executed = one.executed.length;
  const refused = await apps.downstream.call(echoCall(connectionId));
  expect(refused).toMatchObject({ kind: "fault", code: "app_needs_sign_in" });
  expect(one.executed).toHaveLength(executed);
  provider.refusals = [() => refuse("access_denied"), () => refuse("access_denied")];
  const fault = { code: "connect_provider_refused", detail: { provider: new URL(provider.issuer).host } };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(fault);
  expect((await apps.database.connections.get(connectionId))?.status).toBe("needs_sign_in");
});

test("a word that is over is renewed without a window", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId } = scene;
  provider.lifetime = 1;
  await apps.gateway.connect(connectionId);
  authorization.expire();
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(provider.authorizations.map((asked) => asked.get("prompt"))).toEqual([null, "none"]);
  // So that of several sessions there the right one is asked.
  expect(provider.authorizations.map((asked) => asked.get("id_token_hint"))).toEqual([null, provider.issued[0]]);
  // The provider's refresh token would go on after the person has left.
  expect(provider.exchanges.map((asked) => asked.get("grant_type"))).not.toContain("refresh_token");
});

test("a word that the provider takes no longer is asked for once more, not for ever", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  authorization.expire();
  provider.refusals.push(() => refuse("invalid_grant"));
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect([provider.counts.codes, provider.exchanges.length]).toEqual([2, 3]);
});

test("who signed in just now and may not is told so, and shown no second window", async () => {
  await using scene = await setUp();
  scene.provider.refusals.push(() => refuse("invalid_target"));
  const refusal = { code: "connect_provider_refused" };
  await expect(scene.apps.gateway.connect(scene.connectionId)).rejects.toMatchObject(refusal);
  expect([scene.provider.exchanges.length, scene.apps.identity.opened.length]).toEqual([1, 1]);
});

test("another person at the provider does not take over the connection", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, two } = scene;
  await apps.gateway.connect(connectionId);
  provider.person = "eve";
  const eves = await scene.add(two.url);
  // His word is stored and good, but she is there now.
  await apps.gateway.connect(eves);
  authorization.expire();
  const exchanges = provider.exchanges.length;
  const refused = await apps.downstream.call(echoCall(connectionId));
  expect(refused).toMatchObject({ kind: "fault", code: "app_needs_sign_in" });
  expect(provider.exchanges).toHaveLength(exchanges);
  expect(await apps.downstream.call(echoCall(eves))).toMatchObject({ kind: "result" });
});

test("Connect does not hand an account to another person, unless it was disconnected before", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  provider.person = "eve";
  const refusal = { code: "connect_other_person", detail: { provider: new URL(provider.issuer).host } };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(refusal);
  // Nor with another secret of the same client.
  const { provider: known } = scene.signIn;
  await apps.gateway.setSignIn(connectionId, { ...scene.signIn, provider: { ...known, clientSecret: "rotated" } });
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(refusal);
  expect(provider.exchanges).toHaveLength(1);
  // His own word is kept, since hers was for nothing.
  authorization.expire();
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(provider.authorizations).toHaveLength(3);
  await apps.gateway.disconnect(connectionId);
  await apps.gateway.setSignIn(connectionId, scene.signIn);
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
});

test("an app that names the provider's sign-in page as its own gets no code of the provider", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, two } = scene;
  await apps.gateway.connect(scene.connectionId);
  const hostile = await apps.add(two.url, "oauth");
  authorization.metadata = {
    authorization_endpoint: `${provider.issuer}/authorize`,
    authorization_response_iss_parameter_supported: false,
  };
  // What it registers is the client that the provider knows this extension by.
  authorization.documents.set("personas", { redirectUris: [] });
  authorization.registerAs = "personas";
  const before = authorization.tokenRequests.length;
  await expect(apps.gateway.connect(hostile)).rejects.toMatchObject({ code: "connect_denied" });
  expect(provider.authorizations.at(-1)?.get("client_id")).toBe("personas");
  expect(provider.counts.codes).toBe(1);
  expect(authorization.tokenRequests).toHaveLength(before);
});

test("a client that registered itself for the organisation is not the one for accounts, and outlives a refusal", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, signIn } = scene;
  await apps.gateway.setSignIn(connectionId, { kind: "authorization_code", client: null });
  await apps.gateway.connect(connectionId);
  await apps.gateway.setSignIn(connectionId, { ...signIn, client: null });
  provider.refusals.push(() => refuse("access_denied"));
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_provider_refused" });
  await apps.gateway.connect(connectionId);
  const grants = authorization.registered.map((asked) => asked["grant_types"]);
  const ordinary = ["authorization_code", "refresh_token"];
  expect(grants).toEqual([ordinary, [...ordinary, "urn:ietf:params:oauth:grant-type:jwt-bearer"]]);
});

test("what the provider left out of the scopes is not shown as granted", async () => {
  await using scene = await setUp();
  const narrowed = { issued_token_type: ID_JAG, token_type: "N_A", scope: "tools:read" };
  scene.provider.refusals.push(() => Response.json({ ...narrowed, access_token: scene.provider.grant(scene.one.url) }));
  await scene.apps.gateway.connect(scene.connectionId);
  expect(await scene.apps.database.connections.get(scene.connectionId)).toMatchObject({ scopes: ["tools:read"] });
});

test("a client that the app's server has forgotten is registered anew at once", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, signIn } = scene;
  await apps.gateway.setSignIn(connectionId, { ...signIn, client: null });
  await apps.gateway.connect(connectionId);
  authorization.documents.clear();
  authorization.otherGrant = (body) => {
    if (!body.has("assertion")) return null;
    return authorization.documents.has(body.get("client_id") ?? "")
      ? authorization.issueToken()
      : refuse("invalid_client");
  };
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(authorization.counts.registrations).toBe(2);
  expect(provider.authorizations.map((asked) => asked.get("prompt"))).toEqual([null, "none", "none"]);
});

test("a provider in trouble has refused nobody: a token is used to its end", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId } = scene;
  provider.lifetime = 1;
  await apps.gateway.connect(connectionId);
  provider.isDown = true;
  authorization.expire();
  const failed = await apps.downstream.call(echoCall(connectionId));
  expect(failed).toMatchObject({ kind: "fault", code: "app_unreachable" });
  provider.isDown = false;
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
});

test("who disconnects while the provider's window is open leaves nothing behind", async () => {
  await using scene = await setUp();
  const { apps, connectionId } = scene;
  const { promise, resolve } = Promise.withResolvers<void>();
  const window = { ...apps.identity };
  apps.identity.launchWebAuthFlow = async (flow) => {
    await promise;
    return window.launchWebAuthFlow(flow);
  };
  const ended = apps.gateway.connect(connectionId).catch((error: unknown) => error);
  await vi.waitFor(() => expect(scene.one.requests.length).toBeGreaterThan(0));
  await apps.gateway.disconnect(connectionId);
  resolve();
  expect(await ended).toMatchObject({ code: "connect_superseded" });
  expect(await scene.secrets()).toEqual([]);
});

test("nobody at the provider: calls say so, and Connect opens its page", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId } = scene;
  provider.lifetime = 1;
  await apps.gateway.connect(connectionId);
  provider.person = null;
  authorization.expire();
  const refused = await apps.downstream.call(echoCall(connectionId));
  expect(refused).toMatchObject({ kind: "fault", code: "app_needs_sign_in" });
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_denied" });
  expect(provider.authorizations.at(-1)?.get("prompt")).toBeNull();
});

const now = Math.floor(Date.now() / 1_000);
test.each([
  ["for another client", { aud: "somebody-else" }],
  ["for several clients, of which another asked", { aud: ["personas", "other"], azp: "other" }],
  ["of another issuer", { iss: "https://evil.example" }],
  ["for another sign-in", { nonce: "stolen" }],
  ["without a nonce", { nonce: undefined }],
  ["without a person", { sub: "" }],
  ["that is over", { exp: now - 60 }],
])("an ID token %s is refused before anything is exchanged", async (_what, change) => {
  await using scene = await setUp();
  scene.provider.claims = (claims) => ({ ...claims, ...change });
  const refusal = { code: "connect_failed", detail: { app: new URL(scene.provider.issuer).host } };
  await expect(scene.apps.gateway.connect(scene.connectionId)).rejects.toMatchObject(refusal);
  expect(scene.provider.exchanges).toEqual([]);
  expect(await scene.secrets()).toEqual([`own-client/${scene.connectionId}`]);
});

test("a provider that answers another kind of token, or is down, is named as such", async () => {
  await using scene = await setUp();
  const { apps, provider, connectionId } = scene;
  const { host } = new URL(provider.issuer);
  const ordinary = { access_token: "x", token_type: "Bearer", issued_token_type: "access_token" };
  provider.refusals = [() => Response.json(ordinary)];
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({
    detail: { app: host, reason: "it does not issue grants for apps (ID-JAG)" },
  });
  provider.refusals = [() => refuse("invalid_client", 401)];
  const refused = { code: "connect_client_refused", detail: { app: host } };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(refused);
  provider.refusals = [() => new Response("down", { status: 503 })];
  const down = { code: "connect_unreachable", detail: { app: host } };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(down);
});

test.each([
  ["http://login.example.com", "https"],
  ["https://login.example.com?tenant=1", "query"],
  ["https://user:pass@login.example.com", "user name"],
  ["no address at all", "not an address"],
])("%s is no address of a provider", async (issuer, words) => {
  await using scene = await setUp();
  const signIn = { ...scene.signIn, provider: { issuer, clientId: "x" } };
  const refusal = { code: "provider_url_forbidden", detail: { reason: expect.stringContaining(words) } };
  await expect(scene.apps.gateway.setSignIn(scene.connectionId, signIn)).rejects.toMatchObject(refusal);
});

test.each(["/.well-known/openid-configuration", "/", ""])(
  "the address may be given with %j at its end",
  async (end) => {
    await using scene = await setUp();
    const provider = { ...scene.signIn.provider, issuer: `${scene.provider.issuer}${end}` };
    await scene.apps.gateway.setSignIn(scene.connectionId, { ...scene.signIn, provider });
    const row = await scene.apps.database.connections.get(scene.connectionId);
    expect(row?.signIn).toMatchObject({ issuer: scene.provider.issuer });
  },
);

test("the word goes with the last connection that asks for it, or was opened by it", async () => {
  await using scene = await setUp();
  const { apps, authorization, provider, connectionId, two } = scene;
  const other = await scene.add(two.url);
  await apps.gateway.connect(connectionId);
  await apps.gateway.connect(other);
  const word = `identity/${provider.issuer} personas`;
  await apps.gateway.disconnect(connectionId);
  expect(await scene.secrets()).toContain(word);
  // Chosen is not connected: until then the account goes on as it was.
  await apps.gateway.setSignIn(other, { kind: "authorization_code", client: null });
  expect(await scene.secrets()).toContain(word);
  authorization.expire();
  expect(await apps.downstream.call(echoCall(other))).toMatchObject({ kind: "result" });
  expect(await scene.secrets()).toContain(word);
  await apps.gateway.connect(other);
  expect(await scene.secrets()).not.toContain(word);
  expect(await apps.database.connections.get(other)).toMatchObject({ status: "connected" });
  expect((await apps.database.connections.get(other))?.signedIn).toBeUndefined();
});

test("a word that cannot be read is asked for anew", async () => {
  await using scene = await setUp();
  const { apps, provider, connectionId } = scene;
  await apps.vault.write(`identity/${provider.issuer} personas`, { of: "an earlier version" });
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
});

test("a provider outside the browser's permissions is asked for before anything is sent", async () => {
  await using scene = await setUp();
  const { provider, apps, connectionId } = scene;
  await using limited = await setUpApps({
    database: apps.database,
    vault: apps.vault,
    mayReach: (url) => Promise.resolve(!url.startsWith(provider.issuer)),
  });
  const refusal = { code: "connect_permission", detail: { origins: provider.issuer } };
  await expect(limited.gateway.connect(connectionId)).rejects.toMatchObject(refusal);
  expect([provider.authorizations, provider.exchanges]).toEqual([[], []]);
});
