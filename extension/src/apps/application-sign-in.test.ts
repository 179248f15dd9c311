import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test, vi } from "vitest";
import { tokenRecordSchema, tokenSecretId } from "./oauth/token-record.ts";
import { startAppServer } from "./test-support/app-server.ts";
import { echoCall } from "./test-support/echo-call.ts";
import { REDIRECT_URL, setUpApps } from "./test-support/set-up.ts";
import { startStrictServer, type StrictServer } from "./test-support/strict-server.ts";

const SECRET = "canary-secret";
const client = { clientId: "job", clientSecret: SECRET };
const asApplication = { kind: "client_credentials" as const, client };

/** An app that takes the tokens of applications, and nobody's else. */
async function setUp(lifetime = 3_600) {
  const authorization = await startStrictServer();
  Object.assign(authorization, { lifetime });
  authorization.metadata = {
    token_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt"],
    scopes_supported: ["tools", "offline_access"],
  };
  authorization.otherGrant = (body, headers) => {
    const basic = `Basic ${btoa(`job:${SECRET}`)}`;
    const known = headers.get("authorization") === basic || body.has("client_assertion");
    if (body.get("grant_type") !== "client_credentials") return null;
    return known ? authorization.issueToken() : Response.json({ error: "invalid_client" }, { status: 401 });
  };
  const app = await startAppServer({ authorization });
  const apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  const row = async () => apps.database.connections.get(connectionId);
  return {
    authorization,
    app,
    apps,
    connectionId,
    row,
    async [Symbol.asyncDispose]() {
      for (const part of [apps, app, authorization]) await part[Symbol.asyncDispose]();
    },
  };
}

const bodies = ({ tokenRequests }: StrictServer) => tokenRequests.map(({ body }) => Object.fromEntries(body));

test("an application's own secret connects without a window, and calls", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.setSignIn(connectionId, asApplication);
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  // No refresh token comes of this grant, so none is asked for; nor is a client registered.
  expect(bodies(authorization)).toEqual([
    { grant_type: "client_credentials", resource: scene.app.url, scope: "tools" },
  ]);
  expect(apps.identity.opened).toEqual([]);
  expect(authorization.counts).toMatchObject({ registrations: 0, authorizations: 0 });
  expect(await scene.row()).toMatchObject({ status: "connected", signedIn: { kind: "client_credentials" } });
  const tables = await Promise.all(apps.database.tables.map((table) => table.toArray()));
  expect(JSON.stringify(tables)).not.toContain(SECRET);
});

test("a private key proves the application by an assertion, without an id beside it", async () => {
  await using scene = await setUp();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const signIn = { ...asApplication, client: { clientId: "job", privateKey: key } };
  await scene.apps.gateway.setSignIn(scene.connectionId, signIn);
  await scene.apps.gateway.connect(scene.connectionId);
  const { body, headers } = scene.authorization.tokenRequests[0] ?? {};
  expect(body?.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  const assertion = body?.get("client_assertion") ?? "";
  expect(decodeProtectedHeader(assertion).alg).toBe("ES256");
  expect(decodeJwt(assertion)).toMatchObject({ iss: "job", sub: "job", aud: scene.authorization.issuer });
  expect([body?.get("client_id"), headers?.get("authorization")]).toEqual([null, null]);
});

test("20 calls across the end of a token ask for one more", async () => {
  await using scene = await setUp(1);
  const { authorization, apps, app, connectionId } = scene;
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  await apps.downstream.call(echoCall(connectionId, "warm"));
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  authorization.lifetime = 3_600;
  const before = authorization.tokenRequests.length;
  const calls = Array.from({ length: 20 }, (_, n) => apps.downstream.call(echoCall(connectionId, `${n}`)));
  expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => "result"));
  expect(authorization.tokenRequests).toHaveLength(before + 1);
  expect(app.executed).toHaveLength(21);
});

test("a server in trouble is told from one that refuses, and a token is used to its end", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  authorization.expire();
  authorization.outages.push(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  const failed = await apps.downstream.call(echoCall(connectionId));
  expect(failed).toMatchObject({ kind: "fault", code: "app_unreachable" });
  expect(await scene.row()).toMatchObject({ status: "expired" });
  // It is back: nobody has to do anything.
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });

  authorization.expire();
  authorization.otherGrant = () => Response.json({ error: "invalid_client" }, { status: 401 });
  const refused = await apps.downstream.call(echoCall(connectionId));
  expect(refused).toMatchObject({ kind: "fault", code: "app_needs_sign_in" });
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_client_refused" });
});

test.each([
  ["is down", () => new Response(null, { status: 503 })],
  ["answers what nobody can read", () => new Response("<h1>Maintenance</h1>")],
])("near its end a token is used on while its server %s", async (_what, trouble) => {
  await using scene = await setUp(5);
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  const stored = await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema);
  // Fresh no longer, valid still.
  await apps.vault.write(tokenSecretId(connectionId), { ...stored?.value, obtainedAt: Date.now() - 600_000 });
  await using other = await setUpApps({ database: apps.database, vault: apps.vault });
  authorization.outages.push(trouble);
  expect(await other.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(authorization.outages).toEqual([]);
});

test("a server where nobody can consent is used by applications, and refused to people", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  authorization.metadata = {
    ...authorization.metadata,
    authorization_endpoint: undefined,
    response_types_supported: [],
  };
  const refusal = { code: "connect_failed", detail: { reason: "it does not issue codes" } };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject(refusal);
  expect(authorization.counts.registrations).toBe(0);
  await apps.gateway.setSignIn(connectionId, asApplication);
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
});

test.each([true, false])(
  "the secret goes to the server it was entered for, else the first (named: %s)",
  async (named) => {
    await using scene = await setUp();
    await using other = await startStrictServer();
    const { app, apps, connectionId, authorization } = scene;
    await apps.gateway.setSignIn(connectionId, asApplication, named ? authorization.issuer : null);
    if (!named) await apps.gateway.connect(connectionId);
    app.moveTo(other);
    await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({
      code: "connect_server_changed",
      detail: { server: other.issuer },
    });
    expect(other.tokenRequests).toEqual([]);
    expect(authorization.tokenRequests).toHaveLength(named ? 0 : 1);
    // The form names the other one now; who enters the secret again agrees to it.
    other.otherGrant = () => other.issueToken();
    await apps.gateway.setSignIn(connectionId, asApplication, other.issuer);
    expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  },
);

test("of several servers that the app names, the client's own is asked, also while it is down", async () => {
  await using scene = await setUp();
  await using other = await startStrictServer();
  const { app, apps, connectionId, authorization } = scene;
  other.otherGrant = () => other.issueToken();
  app.servers = [other.issuer, authorization.issuer];
  await apps.gateway.setSignIn(connectionId, asApplication, authorization.issuer);
  authorization.metadata = { issuer: "nobody" };
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_failed" });
  authorization.metadata = {};
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(other.tokenRequests).toEqual([]);
});

/** The person's own account is being connected: they stand before a window that ends when the test says so. */
async function beginInWindow({ authorization, apps, connectionId }: Awaited<ReturnType<typeof setUp>>) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const window = { ...apps.identity };
  apps.identity.launchWebAuthFlow = async (flow) => {
    await promise;
    return window.launchWebAuthFlow(flow);
  };
  authorization.metadata = { ...authorization.metadata, token_endpoint_auth_methods_supported: ["none"] };
  const ended = apps.gateway.connect(connectionId).catch((error: unknown) => error);
  await vi.waitFor(() => expect(authorization.counts.registrations).toBe(1));
  return {
    async finish() {
      resolve();
      return ended;
    },
  };
}

test("who finishes an old window does not undo what was chosen and connected meanwhile", async () => {
  await using scene = await setUp();
  const { apps, connectionId } = scene;
  const window = await beginInWindow(scene);
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  expect(await window.finish()).toMatchObject({ code: "connect_superseded" });
  const stored = await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema);
  expect(stored?.value.context.grant).toEqual({ kind: "client_credentials" });
  expect(await scene.row()).toMatchObject({ status: "connected", problem: null });
});

test("who disconnects while the window is open stays disconnected, and what came is revoked", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  const window = await beginInWindow(scene);
  await apps.gateway.disconnect(connectionId);
  expect(await window.finish()).toMatchObject({ code: "connect_superseded" });
  expect(await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema)).toBeNull();
  expect(authorization.revoked).toHaveLength(1);
  expect(await scene.row()).toMatchObject({ status: "not_connected" });
});

test("a choice that was replaced or taken back while the app was asked does not come back", async () => {
  await using scene = await setUp();
  const { app, apps, connectionId } = scene;
  const wrong = { ...asApplication, client: { ...client, clientSecret: "wrong" } };
  const during = async (change: () => Promise<void>): Promise<void> => {
    await apps.gateway.setSignIn(connectionId, wrong);
    app.guard = async () => {
      app.guard = () => null;
      await change();
      return null;
    };
    await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_superseded" });
  };
  await during(() => apps.gateway.disconnect(connectionId));
  expect(await apps.database.secrets.count()).toBe(0);
  await during(() => apps.gateway.setSignIn(connectionId, asApplication));
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
});

test("what the page calls in use is what calls are sent with", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  authorization.metadata = { ...authorization.metadata, token_endpoint_auth_methods_supported: ["none"] };
  await apps.gateway.connect(connectionId);
  await apps.gateway.setSignIn(connectionId, { ...asApplication, client: { ...client, clientSecret: "wrong" } });
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_client_refused" });
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  const row = await scene.row();
  expect([row?.signIn, row?.signedIn]).toEqual([{ kind: "client_credentials" }, undefined]);
});

test("an application that may not have all that the app names gets what it may have", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  const { otherGrant } = authorization;
  authorization.otherGrant = (body, headers) =>
    body.has("scope") ? Response.json({ error: "invalid_scope" }, { status: 400 }) : otherGrant(body, headers);
  await apps.gateway.setSignIn(connectionId, asApplication);
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(bodies(authorization).map(({ scope }) => scope)).toEqual(["tools", undefined]);
  expect(await scene.row()).toMatchObject({ scopes: [] });
});

test("what earlier versions have stored is understood", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  authorization.metadata = { ...authorization.metadata, token_endpoint_auth_methods_supported: ["none"] };
  authorization.documents.set("own", { redirectUris: [REDIRECT_URL] });
  const own = { clientId: "own", clientSecret: null, issuer: authorization.issuer };
  await apps.vault.write(`own-client/${connectionId}`, own);
  await apps.gateway.connect(connectionId);
  expect(authorization.counts).toMatchObject({ codes: 1, registrations: 0 });
  // Tried again with what it has, since that is what was chosen.
  await apps.database.connections.update(connectionId, { status: "unreachable" });
  await apps.gateway.connect(connectionId);
  expect(authorization.counts).toMatchObject({ codes: 1 });
});

test("another way to sign in takes effect with the next Connect, whatever the state", async () => {
  await using scene = await setUp();
  const { authorization, apps, connectionId } = scene;
  authorization.metadata = { ...authorization.metadata, token_endpoint_auth_methods_supported: ["none"] };
  await apps.gateway.connect(connectionId);
  expect(authorization.counts).toMatchObject({ codes: 1 });
  // So that Connect would only try again with what it has.
  await apps.database.connections.update(connectionId, { status: "unreachable" });
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  expect(bodies(authorization).at(-1)).toMatchObject({ grant_type: "client_credentials" });
  await apps.database.connections.update(connectionId, { status: "unreachable" });
  await apps.gateway.setSignIn(connectionId, { kind: "authorization_code", client: null });
  await apps.gateway.connect(connectionId);
  expect(authorization.counts).toMatchObject({ codes: 2 });
  expect((await scene.row())?.signIn).toBeUndefined();
});

test("disconnecting forgets the secret", async () => {
  await using scene = await setUp();
  const { apps, connectionId } = scene;
  await apps.gateway.setSignIn(connectionId, asApplication);
  await apps.gateway.connect(connectionId);
  await apps.gateway.disconnect(connectionId);
  expect(await apps.database.secrets.count()).toBe(0);
  expect((await scene.row())?.signIn).toBeUndefined();
});
