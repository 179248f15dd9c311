import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import {
  authorizeParameters,
  codeForm,
  refreshForm,
  startTestAuthorization,
  type Tokens,
} from "../test-support/authorization-server.ts";

const INTERACTIVE = { inbound: { accessKeys: true, interactive: true } };

test("a client gets tokens for the persona its person allowed", async () => {
  await using relay = await startTestAuthorization();
  const { slug, personaId } = await relay.owner.publish(INTERACTIVE);
  const resource = `${relay.url}/p/${slug}/mcp`;
  const tokens = await relay.signIn({ resource, scope: "read write openid" });
  expect(tokens).toMatchObject({ token_type: "Bearer", scope: "read write", refresh_token: expect.any(String) });
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: "RS256", typ: "at+jwt" });
  const claims = decodeJwt(tokens.access_token);
  expect(claims).toMatchObject({ iss: relay.url, aud: resource, client_id: tokens.clientId, persona: personaId });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600);
  const { grant, scopes } = await relay.server.verify(tokens.access_token, [resource]);
  expect(grant).toMatchObject({ personaId, userId: relay.owner.userId, tools: null });
  expect(scopes).toEqual(["read", "write"]);
});

test("the spellings of the bare relay are one resource, also when none is sent", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  for (const resource of [undefined, relay.url, `${relay.url}/`, `${relay.url}/mcp`]) {
    const tokens = await relay.signIn(resource === undefined ? {} : { resource });
    expect(decodeJwt(tokens.access_token).aud).toBe(relay.url);
  }
});

test("the answer carries issuer and state, and a refusal too", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  const clientId = await relay.client();
  relay.decide({ personaId });
  const state = "s".repeat(2_000);
  const allowed = await relay.authorize({ ...authorizeParameters(clientId), state });
  expect(Object.fromEntries(allowed.location?.searchParams ?? [])).toMatchObject({ iss: relay.url, state });
  relay.decide("deny");
  const denied = await relay.authorize({ ...authorizeParameters(clientId), state });
  expect(Object.fromEntries(denied.location?.searchParams ?? [])).toMatchObject({
    error: "access_denied",
    iss: relay.url,
    state,
  });
});

test("two personas, one client and one browser: both stay connected", async () => {
  await using relay = await startTestAuthorization();
  const [one, other] = [await relay.owner.publish(INTERACTIVE), await relay.owner.publish(INTERACTIVE)];
  const browser = new Map();
  const clientId = await relay.client();
  const resources = [one, other].map(({ slug }) => `${relay.url}/p/${slug}/mcp`);
  const tokens: Tokens[] = [];
  for (const resource of resources) tokens.push(await relay.signIn({ resource, clientId, browser }));
  for (const [index, { access_token, refresh_token }] of tokens.entries()) {
    await relay.server.verify(access_token, [resources[index] ?? ""]);
    expect((await relay.token(refreshForm(clientId, refresh_token))).status).toBe(200);
  }
  const first = await relay.server.verify(tokens[0]?.access_token ?? "", [resources[0] ?? ""]);
  await relay.server.revokeGrant(first.grant.grantId);
  await expect(relay.server.verify(tokens[0]?.access_token ?? "", [resources[0] ?? ""])).rejects.toMatchObject({
    code: "invalid_token",
  });
  await relay.server.verify(tokens[1]?.access_token ?? "", [resources[1] ?? ""]);
});

test("every authorization makes a grant of its own and asks, also in the same browser", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const browser = new Map();
  const clientId = await relay.client();
  const ids = new Set<unknown>();
  for (let index = 0; index < 3; index += 1) {
    ids.add(decodeJwt((await relay.signIn({ clientId, browser })).access_token)["grant"]);
  }
  expect(ids.size).toBe(3);
  expect([...browser.keys()].some((name) => name.startsWith("ap-unused"))).toBe(false);
});

test("prompt=none is answered with an error, never with a code", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const { location } = await relay.authorize({ ...authorizeParameters(await relay.client()), prompt: "none" });
  expect(location?.searchParams.get("error")).toBe("login_required");
});

test("an unknown resource is refused, and so is more than one", async () => {
  await using relay = await startTestAuthorization();
  const { slug } = await relay.owner.publish(INTERACTIVE);
  const { slug: keysOnly } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: false } });
  const clientId = await relay.client();
  const refused: (string | string[])[] = [
    "https://elsewhere.example/mcp",
    `${relay.url}/p/${slug}x/mcp`,
    `${relay.url}/p/${keysOnly}/mcp`,
    [`${relay.url}/p/${slug}/mcp`, relay.url],
  ];
  for (const resource of refused) {
    const { location } = await relay.authorize({ ...authorizeParameters(clientId), resource });
    expect(location?.searchParams.get("error")).toBe("invalid_target");
  }
  const { refresh_token } = await relay.signIn({ clientId, resource: `${relay.url}/p/${slug}/mcp` });
  const widened = await relay.token({ ...refreshForm(clientId, refresh_token), resource: relay.url });
  expect(await widened.json()).toMatchObject({ error: "invalid_target" });
});

test("PKCE with S256 is needed, and its verifier has to fit", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const clientId = await relay.client();
  const { code_challenge: _, code_challenge_method: __, ...without } = authorizeParameters(clientId);
  const bad = [
    without,
    { ...authorizeParameters(clientId), code_challenge_method: "plain" },
    { ...without, code_challenge: authorizeParameters(clientId)["code_challenge"] ?? "" },
  ];
  for (const parameters of bad) {
    const { location } = await relay.authorize(parameters);
    expect(location?.searchParams.get("error")).toBe("invalid_request");
  }
  const { location } = await relay.authorize(authorizeParameters(clientId));
  const code = location?.searchParams.get("code") ?? "";
  const wrong = await relay.token({ ...codeForm(clientId, code), code_verifier: "a".repeat(43) });
  expect(await wrong.json()).toMatchObject({ error: "invalid_grant" });
  // A failed try does not use the code up: whoever fails with it cannot take it from the client that can prove itself.
  expect((await relay.token(codeForm(clientId, code))).status).toBe(200);
});

test("of twenty exchanges of one code at once one succeeds", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const clientId = await relay.client();
  const { location } = await relay.authorize(authorizeParameters(clientId));
  const code = location?.searchParams.get("code") ?? "";
  const answers = await Promise.all(Array.from({ length: 20 }, () => relay.token(codeForm(clientId, code))));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
});

test("a code that comes again ends what it brought, and the person is told", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const clientId = await relay.client();
  const { location } = await relay.authorize(authorizeParameters(clientId));
  const code = location?.searchParams.get("code") ?? "";
  const tokens = (await (await relay.token(codeForm(clientId, code))).json()) as Tokens;
  expect((await relay.token(codeForm(clientId, code))).status).toBe(400);
  const refreshed = await relay.token(refreshForm(clientId, tokens.refresh_token));
  expect(await refreshed.json()).toMatchObject({ error: "invalid_grant" });
  expect(relay.ended).toMatchObject([{ reason: "reuse", grant: { personaId } }]);
});

test("a token of one persona is refused at another, also at one whose address starts alike", async () => {
  await using relay = await startTestAuthorization();
  const { slug } = await relay.owner.publish(INTERACTIVE);
  const resource = `${relay.url}/p/${slug}/mcp`;
  const { access_token } = await relay.signIn({ resource });
  for (const audience of [`${relay.url}/p/${slug}b/mcp`, `${resource}/`, relay.url, "*"]) {
    await expect(relay.server.verify(access_token, [audience])).rejects.toMatchObject({ code: "invalid_token" });
  }
});

test("an access token or refresh token sent to /revoke by its client ends the grant at once", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const stranger = await relay.client("Another client");
  const revoke = (token: string, clientId: string): Promise<Response> =>
    fetch(`${relay.url}/revoke`, { method: "POST", body: new URLSearchParams({ token, client_id: clientId }) });
  for (const which of ["access_token", "refresh_token"] as const) {
    const tokens = await relay.signIn();
    expect((await revoke(tokens[which], stranger)).status).toBe(200);
    await relay.server.verify(tokens.access_token, [relay.url]);
    expect((await revoke(tokens[which], tokens.clientId)).status).toBe(200);
    await expect(relay.server.verify(tokens.access_token, [relay.url])).rejects.toMatchObject({
      code: "invalid_token",
    });
    expect((await relay.token(refreshForm(tokens.clientId, tokens.refresh_token))).status).toBe(400);
  }
  expect((await revoke("a.b.c", stranger)).status).toBe(200);
});

test("an unknown client at the token endpoint gets 401 invalid_client, so that it registers again", async () => {
  await using relay = await startTestAuthorization();
  const answer = await relay.token(refreshForm("client_gone", "x"));
  expect(answer.status).toBe(401);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ error: "invalid_client" });
});

test("a grant made with a pasted key is the key's, and refreshes no longer than the key lives", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  const { keyId } = await relay.owner.key(personaId, { scopes: ["read"] });
  relay.decide({ personaId, keyId, scopes: ["read"] });
  const tokens = await relay.signIn();
  expect(decodeJwt(tokens.access_token).sub).toBe(keyId);
  await relay.owner.store.db.updateTable("access_keys").set({ disabled_at: 1 }).where("key_id", "=", keyId).execute();
  await expect(relay.server.verify(tokens.access_token, [relay.url])).rejects.toMatchObject({ code: "invalid_token" });
  expect((await relay.token(refreshForm(tokens.clientId, tokens.refresh_token))).status).toBe(400);
});

test("the store holds no code, token or open sign-in in clear", async () => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId });
  const clientId = await relay.client();
  const tokens = await relay.signIn({ clientId });
  const { location } = await relay.authorize(authorizeParameters(clientId));
  const records = await relay.owner.store.db.selectFrom("oauth_records").selectAll().execute();
  expect(records.map((record) => record.kind).toSorted()).toEqual([
    "AuthorizationCode",
    "AuthorizationCode",
    "RefreshToken",
  ]);
  const dump = JSON.stringify(records);
  for (const secret of [tokens.access_token, tokens.refresh_token, location?.searchParams.get("code") ?? "?"]) {
    expect(dump).not.toContain(secret);
  }
});
