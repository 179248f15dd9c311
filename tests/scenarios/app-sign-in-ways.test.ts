import { generateKeyPairSync } from "node:crypto";
import { exportJWK } from "jose";
import { expect, test } from "vitest";
import { z } from "zod";
import { formsOf } from "../support/find-secrets.ts";
import { startCapturingProxy } from "../support/frames.ts";
import { startIdentityProvider } from "../support/identity-provider.ts";
import { asApplication, startMachineApp } from "../support/machine-app.ts";
import type { OAuthApp } from "../support/oauth-app.ts";
import { startOrganisationApp, throughProvider } from "../support/organisation-app.ts";
import { PROVIDER_REDIRECT_URL } from "../support/person-window.ts";
import { readDatabases } from "../support/read-databases.ts";
import { addApp, connect, connectAndPublish, publish, startSignInWayWorld } from "../support/sign-in-way-world.ts";

// From the choice of a way to sign in to calls of a client through relay and extension.

const SECRET = "s3cret/of+the=application and more";
const HOUR_MS = 3_600_000;
const signInSchema = z.looseObject({ connectionId: z.string(), signIn: z.unknown() });

test.for([
  ["client_secret_basic", "basic"],
  ["client_secret_post", "post"],
] as const)("an application with a secret is let in without a window (%s)", async ([method, seen]) => {
  await using app = await startMachineApp({ secret: SECRET, method });
  await using world = await startSignInWayWorld();
  await using caller = await connectAndPublish(world, app.url, asApplication({ clientSecret: SECRET }));
  expect(await caller.call("as an application")).toBe("as an application");
  expect(app.authorization.seenAuthentication).toEqual(new Set([seen]));
  expect(app.seenSubjects).toEqual(new Set(["robot"]));
  expect(app.authorization.counters).toMatchObject({ clientTokens: 1, refused: 0, codes: 0 });
  expect(world.window.counters).toEqual({ shown: 0, silent: 0 });
  const rows = z.array(signInSchema).parse(await world.device.rows("connections"));
  expect(rows.map(({ signIn }) => signIn)).toEqual([{ kind: "client_credentials" }]);
});

const newKeys = (alg: "ES256" | "RS256"): ReturnType<typeof generateKeyPairSync> =>
  alg === "ES256"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2_048 });

test.for([
  ["ES256", "PEM"],
  ["RS256", "PEM"],
  ["ES256", "JWK"],
  ["RS256", "JWK"],
] as const)("an application with a private key is let in without its key leaving (%s, %s)", async ([alg, form]) => {
  const { privateKey, publicKey } = newKeys(alg);
  await using app = await startMachineApp({ publicKey: await exportJWK(publicKey), alg });
  await using world = await startSignInWayWorld();
  const text =
    form === "PEM"
      ? privateKey.export({ type: "pkcs8", format: "pem" }).toString()
      : JSON.stringify(privateKey.export({ format: "jwk" }));
  await using caller = await connectAndPublish(world, app.url, asApplication({ privateKey: text }));
  expect(await caller.call("signed")).toBe("signed");
  expect(app.authorization.seenAuthentication).toEqual(new Set(["assertion"]));
  expect(app.authorization.counters).toMatchObject({ clientTokens: 1, refused: 0 });
  // Every request is signed anew: an assertion is taken once.
  await app.authorization.revokeAll();
  expect(await caller.call("signed again")).toBe("signed again");
  expect(app.authorization.counters).toMatchObject({ clientTokens: 2, refused: 0 });
});

test("what the app's server does not accept is the client's fault, and the right secret mends it", async () => {
  const { privateKey } = newKeys("ES256");
  const own = await exportJWK(newKeys("ES256").publicKey);
  await using withSecret = await startMachineApp({ secret: SECRET, method: "client_secret_basic" });
  await using withKey = await startMachineApp({ publicKey: own, alg: "ES256" });
  await using world = await startSignInWayWorld();
  const app = await addApp(world.device, withSecret.url, asApplication({ clientSecret: "another" }));
  await expect(connect(world, app)).rejects.toThrow("connect_client_refused");
  const foreignKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const other = await addApp(world.device, withKey.url, asApplication({ privateKey: foreignKey }));
  await expect(connect(world, other)).rejects.toThrow("connect_client_refused");
  expect([...withSecret.seenTokens, ...withKey.seenTokens]).toEqual([]);
  const signIn = asApplication({ clientSecret: SECRET });
  await world.device.command("apps.set-sign-in", { connectionId: app.connectionId, signIn });
  await connect(world, app);
  await using caller = await publish(world, app);
  expect(await caller.call("mended")).toBe("mended");
});

test("20 calls across the end of an application's token ask for one token, and so do 20 that are refused", async () => {
  await using app = await startMachineApp({ secret: SECRET, method: "client_secret_post" });
  await using world = await startSignInWayWorld();
  await using caller = await connectAndPublish(world, app.url, asApplication({ clientSecret: SECRET }));
  const messages = Array.from({ length: 20 }, (_, index) => `call ${index}`);
  const callAll = (): Promise<string[]> => Promise.all(messages.map((message) => caller.call(message)));
  expect(await callAll()).toEqual(messages);
  expect(app.authorization.counters.clientTokens).toBe(1);
  world.clock.ahead += HOUR_MS;
  expect(await callAll()).toEqual(messages);
  expect(app.authorization.counters.clientTokens).toBe(2);
  expect(app.refusals.invalid).toBe(0);
  await app.authorization.revokeAll();
  expect(await callAll()).toEqual(messages);
  expect(app.authorization.counters).toMatchObject({ clientTokens: 3, refused: 0 });
  expect(app.refusals.invalid).toBeGreaterThan(0);
  expect(app.executions.finished.get("echo")).toBe(60);
});

test("a server that issues no codes cannot be signed in at with an account", async () => {
  await using app = await startMachineApp({ secret: SECRET, method: "client_secret_basic" });
  await using world = await startSignInWayWorld({ account: "ada" });
  const signIn = { kind: "authorization_code", client: { clientId: "robot", clientSecret: SECRET } };
  const added = await addApp(world.device, app.url, signIn);
  await expect(connect(world, added)).rejects.toThrow("connect_failed");
  expect(world.window.counters.shown).toBe(0);
});

test("no secret of any way to sign in is found at the relay, on its wire or in clear in the extension", async () => {
  const { privateKey, publicKey } = newKeys("ES256");
  const jwk = z.looseObject({ d: z.string() }).parse(privateKey.export({ format: "jwk" }));
  const clientSecret = "an-idp-secret-of-some-length";
  await using proxy = await startCapturingProxy();
  await using idp = await startIdentityProvider({
    redirectUri: PROVIDER_REDIRECT_URL,
    refreshTokens: true,
    clientSecret,
  });
  await using managed = await startOrganisationApp(idp);
  await using withSecret = await startMachineApp({ secret: SECRET, method: "client_secret_basic" });
  await using withKey = await startMachineApp({ publicKey: await exportJWK(publicKey), alg: "ES256" });
  await using world = await startSignInWayWorld({
    account: "ada",
    publicUrl: proxy.url,
    onListening: (port) => (proxy.target.port = port),
  });
  const signIns: [OAuthApp, Record<string, unknown>][] = [
    [withSecret, asApplication({ clientSecret: SECRET })],
    [withKey, asApplication({ privateKey: JSON.stringify(jwk) })],
    [managed, throughProvider(idp, managed.client)],
  ];
  for (const [app, signIn] of signIns) {
    await using caller = await connectAndPublish(world, app.url, signIn);
    expect(await caller.call("marker-1")).toBe("marker-1");
    await app.authorization.revokeAll();
    expect(await caller.call("marker-2")).toBe("marker-2");
  }
  const secrets = [
    SECRET,
    clientSecret,
    jwk.d,
    managed.client.clientSecret,
    ...Object.values(idp.issued).flat(),
    ...signIns.flatMap(([app]) => app.authorization.issued.accessTokens),
  ];
  expect(Object.values(idp.issued).map((kind) => kind.length > 0)).toEqual([true, true, true, true]);
  expect(secrets.length).toBeGreaterThanOrEqual(4 + 5 + 6);
  const places = {
    "the relay's database": (await world.relay.databaseBytes()).toString("latin1"),
    "the relay's log": world.relay.log.join("\n"),
    "the wire": proxy.everything(),
    "the extension's database": await readDatabases(),
  };
  // What is found there at all.
  expect(places["the wire"]).toContain("marker-2");
  expect(places["the relay's log"].length).toBeGreaterThan(500);
  expect(places["the extension's database"]).toContain(idp.issuer);
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) {
      const found = formsOf(secret.slice(-24)).filter((form) => text.includes(form));
      expect([place, secret, found]).toEqual([place, secret, []]);
    }
  }
});
