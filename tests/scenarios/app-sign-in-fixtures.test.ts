import { createHash, randomBytes, randomUUID } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { expect, test } from "vitest";
import { z } from "zod";
import { applicationClient } from "../support/authorization-server.ts";
import { ID_JAG } from "../support/id-jag.ts";
import { startIdentityProvider, type IdentityProvider } from "../support/identity-provider.ts";
import { startOAuthApp } from "../support/oauth-app.ts";
import { startOrganisationApp, type OrganisationApp } from "../support/organisation-app.ts";
import { openPersonWindow, REDIRECT_URL, type PersonWindow } from "../support/person-window.ts";

// app-sign-in-ways.test.ts believes what these servers accept and count, so they are held to the protocols themselves.

const SECRET = "an-idp-secret-of-some-length";

type Answer = { status: number; body: Record<string, unknown> };

async function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), headers });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

const tokenOf = ({ body }: Answer, name = "access_token"): string => z.string().parse(body[name]);
const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
});

/** Asks an MCP server for its tools; the status says whether it takes the token. */
const ask = async (url: string, token: string): Promise<number> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
    }),
  });
  await response.text();
  return response.status;
};

test("client credentials: a secret as it may be sent, and no other", async () => {
  const credential = { secret: "s3cret-of-the-application", method: "client_secret_basic" as const };
  await using app = await startOAuthApp({ clients: [applicationClient("robot", credential)], machinesOnly: true });
  const { issuer, counters, seenAuthentication } = app.authorization;
  const form = { grant_type: "client_credentials", resource: app.url, scope: "tools" };
  const answer = await post(`${issuer}/token`, form, basic("robot", credential.secret));
  expect(answer).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3_600 } });
  expect(answer.body).not.toHaveProperty("refresh_token");
  expect(await ask(app.url, tokenOf(answer))).toBe(200);
  expect(app.seenSubjects).toEqual(new Set(["robot"]));
  const refused = await post(`${issuer}/token`, form, basic("robot", "another"));
  expect(refused).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  const code = await post(
    `${issuer}/token`,
    { ...form, grant_type: "authorization_code" },
    basic("robot", credential.secret),
  );
  expect(code).toMatchObject({ status: 400 });
  expect(counters).toMatchObject({ clientTokens: 1, refused: 2, codes: 0 });
  expect(seenAuthentication).toEqual(new Set(["basic"]));
});

test("a server for machines names no authorization endpoint and has none", async () => {
  await using app = await startOAuthApp({ machinesOnly: true });
  const { issuer } = app.authorization;
  for (const document of ["oauth-authorization-server", "openid-configuration"]) {
    const metadata: unknown = await (await fetch(`${issuer}/.well-known/${document}`)).json();
    expect(metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    expect(metadata).not.toHaveProperty("authorization_endpoint");
    expect(metadata).not.toHaveProperty("response_types_supported");
  }
  expect((await fetch(`${issuer}/authorize?client_id=x`)).status).toBe(404);
});

test.for(["ES256", "RS256"] as const)(
  "client credentials: a private key with %s, once for each assertion",
  async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    const client = applicationClient("robot", { publicKey: await exportJWK(publicKey), alg });
    await using app = await startOAuthApp({ clients: [client], authMethods: ["private_key_jwt"] });
    const { issuer } = app.authorization;
    const assert = async (audience: string, key = privateKey): Promise<Record<string, string>> => ({
      grant_type: "client_credentials",
      resource: app.url,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await new SignJWT()
        .setProtectedHeader({ alg })
        .setIssuer("robot")
        .setSubject("robot")
        .setAudience(audience)
        .setJti(randomUUID())
        .setExpirationTime("1 minute")
        .sign(key),
    });
    const good = await assert(issuer);
    const answer = await post(`${issuer}/token`, good);
    expect(await ask(app.url, tokenOf(answer))).toBe(200);
    const foreign = (await generateKeyPair(alg)).privateKey;
    for (const bad of [good, await assert("https://elsewhere.example"), await assert(issuer, foreign)]) {
      expect(await post(`${issuer}/token`, bad)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    }
    expect(app.authorization.seenAuthentication).toEqual(new Set(["assertion"]));
  },
);

/** Signs in with the code flow as a client does. */
async function signInAt(idp: IdentityProvider, window: PersonWindow, secret?: string): Promise<Answer> {
  const verifier = randomBytes(32).toString("base64url");
  const end = await window.signIn.launchWebAuthFlow({
    interactive: true,
    url: `${idp.issuer}/authorize?${new URLSearchParams({
      client_id: idp.client.clientId,
      response_type: "code",
      redirect_uri: REDIRECT_URL,
      scope: "openid offline_access",
      state: "s",
      nonce: "n",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    }).toString()}`,
  });
  return post(`${idp.issuer}/token`, {
    grant_type: "authorization_code",
    code: new URL(end).searchParams.get("code") ?? "",
    redirect_uri: REDIRECT_URL,
    code_verifier: verifier,
    client_id: idp.client.clientId,
    ...(secret !== undefined && { client_secret: secret }),
  });
}

type Exchange = { idp: IdentityProvider; app: OrganisationApp; idToken: string };

const exchange = ({ idp, app, idToken }: Exchange, changed: Record<string, string> = {}): Promise<Answer> =>
  post(`${idp.issuer}/token`, {
    grant_type: ID_JAG.tokenExchange,
    requested_token_type: ID_JAG.tokenType,
    subject_token: idToken,
    subject_token_type: ID_JAG.idToken,
    audience: app.authorization.issuer,
    resource: app.url,
    scope: "tools",
    client_id: idp.client.clientId,
    ...changed,
  });

const redeem = ({ authorization, client }: OrganisationApp, assertion: string): Promise<Answer> =>
  post(
    `${authorization.issuer}/token`,
    { grant_type: ID_JAG.jwtBearer, assertion },
    basic(client.clientId, client.clientSecret),
  );

test("a sign-in at the identity provider is exchanged for an ID-JAG, which opens the app once", async () => {
  await using idp = await startIdentityProvider({ redirectUri: REDIRECT_URL });
  await using app = await startOrganisationApp(idp);
  const window = openPersonWindow({ account: "ada" });
  const idToken = tokenOf(await signInAt(idp, window), "id_token");
  expect(decodeJwt(idToken)).toMatchObject({ iss: idp.issuer, sub: "ada", aud: idp.client.clientId, nonce: "n" });
  const exchanged = await exchange({ idp, app, idToken });
  expect(exchanged.body).toMatchObject({ issued_token_type: ID_JAG.tokenType, token_type: "N_A", expires_in: 300 });
  const idJag = tokenOf(exchanged);
  expect(decodeProtectedHeader(idJag)).toMatchObject({ typ: "oauth-id-jag+jwt", alg: "RS256" });
  expect(decodeJwt(idJag)).toMatchObject({
    iss: idp.issuer,
    sub: "ada",
    aud: app.authorization.issuer,
    resource: app.url,
    client_id: app.client.clientId,
    scope: "tools",
  });
  const redeemed = await redeem(app, idJag);
  expect(redeemed.body).toMatchObject({ token_type: "Bearer", expires_in: 3_600 });
  expect(redeemed.body).not.toHaveProperty("refresh_token");
  expect(await ask(app.url, tokenOf(redeemed))).toBe(200);
  expect(app.seenSubjects).toEqual(new Set(["ada"]));
  expect(await redeem(app, idJag)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect(idp.counters).toEqual({ codes: 1, refreshes: 0, exchanges: 1, refusedExchanges: 0, logins: 1 });
  // The session that came of it signs in unasked.
  expect((await signInAt(idp, window)).status).toBe(200);
  expect(idp.counters.logins).toBe(1);
});

test("the identity provider exchanges nothing for what is not its own, and for nobody whom it does not let", async () => {
  await using idp = await startIdentityProvider({ redirectUri: REDIRECT_URL, clientSecret: SECRET });
  await using app = await startOrganisationApp(idp, { people: ["ada"] });
  const window = openPersonWindow();
  await window.visit(idp.loginUrl("ada"));
  const idToken = tokenOf(await signInAt(idp, window, SECRET), "id_token");
  const known = { idp, app, idToken };
  const client_secret = SECRET;
  expect((await exchange(known, { client_secret })).status).toBe(200);
  const refusals: [Record<string, string>, string][] = [
    [{ client_secret: "another" }, "invalid_client"],
    [{ client_secret, subject_token: await foreignToken(idp) }, "invalid_grant"],
    [{ client_secret, subject_token: tokenOf(await exchange(known, { client_secret })) }, "invalid_grant"],
    [{ client_secret, requested_token_type: "urn:ietf:params:oauth:token-type:access_token" }, "invalid_request"],
    [{ client_secret, audience: "https://elsewhere.example" }, "invalid_target"],
    [{ client_secret, resource: "https://elsewhere.example/mcp" }, "invalid_target"],
  ];
  for (const [changed, error] of refusals) {
    expect([error, (await exchange(known, changed)).body["error"]]).toEqual([error, error]);
  }
  await window.visit(idp.loginUrl("bob"));
  const bobs = tokenOf(await signInAt(idp, window, SECRET), "id_token");
  expect(decodeJwt(bobs).sub).toBe("bob");
  const refused = await exchange({ idp, app, idToken: bobs }, { client_secret });
  expect(refused).toMatchObject({ status: 400, body: { error: "access_denied" } });
  app.unassign();
  expect((await exchange(known, { client_secret })).body["error"]).toBe("invalid_target");
});

test("what ends with a session, and with an account", async () => {
  await using idp = await startIdentityProvider({ redirectUri: REDIRECT_URL, refreshTokens: true });
  await using app = await startOrganisationApp(idp);
  const window = openPersonWindow();
  await window.visit(idp.loginUrl("ada"));
  const signedIn = await signInAt(idp, window);
  const refresh = (token: string): Promise<Answer> =>
    post(`${idp.issuer}/token`, { grant_type: "refresh_token", refresh_token: token, client_id: idp.client.clientId });
  const renewed = await refresh(tokenOf(signedIn, "refresh_token"));
  const idToken = tokenOf(renewed, "id_token");
  expect((await exchange({ idp, app, idToken })).status).toBe(200);
  await idp.endSession("ada");
  expect((await exchange({ idp, app, idToken })).body["error"]).toBe("invalid_grant");
  expect((await refresh(tokenOf(renewed, "refresh_token"))).body["error"]).toBe("invalid_grant");
  await expect(signInAt(idp, window)).rejects.toThrow("did not approve");
  await window.visit(idp.loginUrl("ada"));
  expect((await signInAt(idp, window)).status).toBe(200);
  await idp.deny("ada");
  const denied = openPersonWindow({ account: "ada" });
  expect(await signInAt(idp, denied)).toMatchObject({ status: 400 });
  expect(denied.visited.length).toBeGreaterThan(1);
});

test("an ID token that has expired is exchanged for nothing", async () => {
  await using idp = await startIdentityProvider({ redirectUri: REDIRECT_URL, idTokenTtl: 1 });
  await using app = await startOrganisationApp(idp);
  const window = openPersonWindow({ account: "ada" });
  const idToken = tokenOf(await signInAt(idp, window), "id_token");
  const { exp = 0 } = decodeJwt(idToken);
  await expect.poll(() => Date.now() / 1_000 > exp, { timeout: 5_000 }).toBe(true);
  expect((await exchange({ idp, app, idToken })).body["error"]).toBe("invalid_grant");
});

test("the app takes no ID-JAG that is forged, for somebody else or another client's", async () => {
  await using idp = await startIdentityProvider({ redirectUri: REDIRECT_URL });
  await using app = await startOrganisationApp(idp);
  await using other = await startOrganisationApp(idp);
  const window = openPersonWindow({ account: "ada" });
  const idToken = tokenOf(await signInAt(idp, window), "id_token");
  const elsewhere = tokenOf(await exchange({ idp, app: other, idToken }));
  const refusals: [string, string][] = [
    [await forge(idp, app, {}), "invalid_grant"],
    [idToken, "invalid_grant"],
    [elsewhere, "invalid_grant"],
    ["not.a.token", "invalid_grant"],
  ];
  const forUnknown = idp.assign({
    audience: app.authorization.issuer,
    resource: other.url,
    clientId: () => "personas-at-app",
  });
  refusals.push([tokenOf(await exchange({ idp, app, idToken }, { resource: other.url })), "invalid_target"]);
  forUnknown();
  app.unassign();
  idp.assign({ audience: app.authorization.issuer, resource: app.url, clientId: () => "another-client" });
  refusals.push([tokenOf(await exchange({ idp, app, idToken })), "invalid_grant"]);
  for (const [assertion, error] of refusals) expect((await redeem(app, assertion)).body["error"]).toBe(error);
  expect(app.authorization.counters).toMatchObject({ redemptions: 0, refused: refusals.length });
  expect(app.authorization.issued.accessTokens).toEqual([]);
});

const foreignToken = (idp: IdentityProvider): Promise<string> => sign({ nonce: "n" }, idp, idp.client.clientId, "JWT");

const forge = (idp: IdentityProvider, app: OrganisationApp, changed: JWTPayload): Promise<string> =>
  sign(
    { resource: app.url, client_id: app.client.clientId, ...changed },
    idp,
    app.authorization.issuer,
    "oauth-id-jag+jwt",
  );

/** With a key of nobody. */
async function sign(payload: JWTPayload, idp: IdentityProvider, audience: string, typ: string): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "RS256", kid: "test", typ })
    .setIssuer(idp.issuer)
    .setSubject("ada")
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(privateKey);
}
