import { expect, test } from "vitest";
import {
  authorizeParameters,
  CALLBACK,
  codeForm,
  startTestAuthorization,
  type TestAuthorization,
} from "../test-support/authorization-server.ts";

type Registered = { client_id: string; client_secret?: string; redirect_uris: string[]; client_name?: string };

async function registered(relay: TestAuthorization, body: unknown): Promise<Registered> {
  const answer = await relay.register(body);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Registered;
}

async function interactive(relay: TestAuthorization): Promise<void> {
  relay.decide(await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } }));
}

test("the same public metadata gets the same client, in whatever order and with whatever extras it comes", async () => {
  await using relay = await startTestAuthorization();
  const one = await registered(relay, { client_name: "Gemini CLI MCP Client", redirect_uris: [CALLBACK], scope: "" });
  const same = await registered(relay, {
    scope: "openid email profile",
    contacts: 7,
    application_type: "web",
    software_id: "x",
    grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
    redirect_uris: [CALLBACK],
    client_name: "Gemini CLI MCP Client",
  });
  expect(same.client_id).toBe(one.client_id);
  expect((await registered(relay, { client_name: "Other", redirect_uris: [CALLBACK] })).client_id).not.toBe(
    one.client_id,
  );
});

test("an answer to a public client names the method and holds no secret", async () => {
  await using relay = await startTestAuthorization();
  const client = await registered(relay, { redirect_uris: [CALLBACK] });
  expect(client).toMatchObject({ token_endpoint_auth_method: "none", client_id_issued_at: expect.any(Number) });
  expect(client).not.toHaveProperty("client_secret");
  expect(client).not.toHaveProperty("registration_access_token");
});

test("a client that asks for a secret gets one, has to show it, and only its hash is kept", async () => {
  await using relay = await startTestAuthorization();
  await interactive(relay);
  const body = { redirect_uris: [CALLBACK], token_endpoint_auth_method: "client_secret_post" };
  const client = await registered(relay, body);
  expect(client.client_secret).toHaveLength(86);
  expect((await registered(relay, body)).client_id).not.toBe(client.client_id);
  const codeOf = async (): Promise<string> => {
    const { location } = await relay.authorize(authorizeParameters(client.client_id));
    return location?.searchParams.get("code") ?? "";
  };
  for (const secret of [undefined, "wrong"]) {
    const form = { ...codeForm(client.client_id, await codeOf()), ...(secret && { client_secret: secret }) };
    expect((await relay.token(form)).status).toBe(401);
  }
  const form = { ...codeForm(client.client_id, await codeOf()), client_secret: client.client_secret ?? "" };
  expect((await relay.token(form)).status).toBe(200);
  const dump = JSON.stringify(await relay.owner.store.db.selectFrom("oauth_clients").selectAll().execute());
  expect(dump).not.toContain(client.client_secret);
});

test("a client known by configuration needs no registration", async () => {
  const secret = "s".repeat(40);
  const known = [{ client_id: "acme", client_name: "Acme", client_secret: secret, redirect_uris: [CALLBACK] }];
  await using relay = await startTestAuthorization({ env: { OAUTH_CLIENTS: JSON.stringify(known) } });
  await interactive(relay);
  const { location } = await relay.authorize(authorizeParameters("acme"));
  const { client_id: _, ...form } = codeForm("acme", location?.searchParams.get("code") ?? "");
  const answer = await fetch(`${relay.url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`acme:${secret}`)}` },
    body: new URLSearchParams(form),
  });
  expect(answer.status).toBe(200);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "blob:https://h/x",
  "file:///etc/passwd",
  "chrome-extension://abc/cb",
  "https://h/cb#fragment",
  "https://user:pass@h/cb",
  "http://192.168.0.4/cb",
  "http://localhost.evil.com/cb",
  "http://127.0.0.1@evil.com/cb",
  "https://h/cb\u0009x",
  "not an address",
])("no codes are sent to %s", async (uri) => {
  await using relay = await startTestAuthorization();
  const answer = await relay.register({ redirect_uris: [uri] });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: "invalid_redirect_uri" });
});

test.each(["/cb/", "/cb?x=1", "/cb%2f", "/x/../cb", "/CB"])("https://h%s is not https://h/cb", async (path) => {
  await using relay = await startTestAuthorization();
  const { client_id } = await registered(relay, { redirect_uris: ["https://h/cb"] });
  const { status, location, body } = await relay.authorize({
    ...authorizeParameters(client_id),
    redirect_uri: `https://h${path}`,
  });
  expect({ status, location }).toEqual({ status: 400, location: null });
  expect(body).toContain("This sign-in cannot go on");
});

test("neither the case of a host nor a port that is the default is forgiven", async () => {
  await using relay = await startTestAuthorization();
  const { client_id } = await registered(relay, { redirect_uris: ["https://h/cb"] });
  for (const redirect_uri of ["HTTPS://H/cb", "https://h:443/cb", "https://h.evil/cb", "http://h/cb"]) {
    expect((await relay.authorize({ ...authorizeParameters(client_id), redirect_uri })).location).toBeNull();
  }
});

test("a loopback address matches with any port, and with nothing else changed", async () => {
  await using relay = await startTestAuthorization();
  await interactive(relay);
  const { client_id } = await registered(relay, {
    redirect_uris: ["http://localhost/callback", "http://127.0.0.1:7/x"],
  });
  const walk = async (redirect_uri: string): Promise<string | undefined> =>
    (await relay.authorize({ ...authorizeParameters(client_id), redirect_uri })).location?.href.split("?")[0];
  for (const uri of ["http://localhost:49876/callback", "http://127.0.0.1:51000/x"]) expect(await walk(uri)).toBe(uri);
  for (const uri of [
    "http://localhost:49876/other",
    "http://127.0.0.1:49876/callback",
    "https://localhost:49876/callback",
    "http://localhost.evil.com/callback",
    "http://localhost:1@evil.com/callback",
  ]) {
    expect(await walk(uri)).toBeUndefined();
  }
});

test("Continue's address with a state of its own is taken without it too", async () => {
  await using relay = await startTestAuthorization();
  await interactive(relay);
  const { client_id } = await registered(relay, { redirect_uris: ["http://localhost:3000/?state=5f"] });
  const redirect_uri = "http://localhost:3000";
  const { location } = await relay.authorize({ ...authorizeParameters(client_id), redirect_uri });
  expect(location?.searchParams.get("code")).not.toBeNull();
});

test("an unknown client is told so on our own page, with nothing of the request written unescaped", async () => {
  await using relay = await startTestAuthorization();
  const hostile = '"><script>alert(1)</script>';
  const { status, location, body, headers } = await relay.authorize({
    ...authorizeParameters(hostile),
    redirect_uri: "https://evil.example/cb",
    state: hostile,
  });
  expect({ status, location }).toEqual({ status: 400, location: null });
  expect(body).not.toContain("<script");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).not.toContain("form-action");
  expect(headers.get("cache-control")).toContain("no-store");
});

test("registering is bounded per address", async () => {
  await using relay = await startTestAuthorization();
  const statuses = new Set<number>();
  for (let index = 0; index < 201; index += 1) statuses.add((await relay.register({ redirect_uris: ["bad"] })).status);
  expect([...statuses]).toEqual([400, 429]);
});

test("a body that is too large or not JSON is refused", async () => {
  await using relay = await startTestAuthorization();
  expect((await relay.register({ redirect_uris: [CALLBACK], client_name: "x".repeat(20_000) })).status).toBe(413);
  const text = await fetch(`${relay.url}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{",
  });
  expect(await text.json()).toMatchObject({ error: "invalid_client_metadata" });
});
