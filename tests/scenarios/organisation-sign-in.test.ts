import { expect, test } from "vitest";
import { z } from "zod";
import { startIdentityProvider } from "../support/identity-provider.ts";
import { startOAuthApp } from "../support/oauth-app.ts";
import { startOrganisationApp, throughProvider } from "../support/organisation-app.ts";
import { PROVIDER_REDIRECT_URL } from "../support/person-window.ts";
import {
  addApp,
  connect,
  connectAndPublish,
  publish,
  startSignInWayWorld,
  type SignInWayWorld,
} from "../support/sign-in-way-world.ts";

// Through the identity provider of an organisation, from the choice of it to calls of a client through the relay.

const HOUR = 3_600;
const DAY = 24 * HOUR;
const signInSchema = z.looseObject({ signIn: z.unknown() });

/** What the app was opened with has ended; the rest has an hour less. */
const outliveToken = ({ clock }: SignInWayWorld): void => void (clock.ahead += HOUR * 1_000);

test("one sign-in at the identity provider serves two apps", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL });
  await using one = await startOrganisationApp(idp);
  await using other = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  for (const app of [one, other]) {
    await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
    expect(await caller.call("for the organisation")).toBe("for the organisation");
    expect(app.seenSubjects).toEqual(new Set(["ada"]));
    expect(app.authorization.counters).toMatchObject({ redemptions: 1, refused: 0, codes: 0, registrations: 0 });
  }
  expect(idp.counters).toEqual({ codes: 2, refreshes: 0, exchanges: 2, refusedExchanges: 0, logins: 1 });
  expect(world.window.counters).toEqual({ shown: 1, silent: 1 });
  const rows = z.array(signInSchema).parse(await world.device.rows("connections"));
  const signIn = { kind: "enterprise_managed", issuer: idp.issuer, clientId: idp.client.clientId };
  expect(rows.map((row) => row.signIn)).toEqual([signIn, signIn]);
});

test("an access token that has ended is renewed by another exchange, for all calls that meet it", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, idTokenTtl: DAY });
  await using app = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
  outliveToken(world);
  const messages = Array.from({ length: 20 }, (_, index) => `call ${index}`);
  expect(await Promise.all(messages.map((message) => caller.call(message)))).toEqual(messages);
  expect(idp.counters).toMatchObject({ codes: 1, exchanges: 2 });
  await app.authorization.revokeAll();
  expect(await caller.call("refused at first")).toBe("refused at first");
  expect(idp.counters).toMatchObject({ codes: 1, exchanges: 3, logins: 1 });
  expect(app.authorization.counters).toMatchObject({ redemptions: 3, refused: 0 });
  expect(world.window.counters).toEqual({ shown: 1, silent: 0 });
});

// A refresh token of the provider's would go on after the person has left it, so that it is not used.
for (const refreshTokens of [false, true]) {
  test(`an ID token that has ended is renewed by the person's session (refresh token given: ${refreshTokens})`, async () => {
    const options = { redirectUri: PROVIDER_REDIRECT_URL, refreshTokens, idTokenTtl: HOUR };
    await using idp = await startIdentityProvider(options);
    await using app = await startOrganisationApp(idp);
    await using world = await startSignInWayWorld({ account: "ada" });
    await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
    idp.lifetimes.idToken = DAY;
    outliveToken(world);
    expect(await caller.call("still ada")).toBe("still ada");
    expect(idp.counters).toEqual({ codes: 2, refreshes: 0, exchanges: 2, refusedExchanges: 0, logins: 1 });
    expect(world.window.counters).toEqual({ shown: 1, silent: 1 });
  });
}

test("when all has ended at once, 20 calls of two apps are renewed by one ID token", async () => {
  await using idp = await startIdentityProvider({
    redirectUri: PROVIDER_REDIRECT_URL,
    refreshTokens: true,
    idTokenTtl: HOUR,
  });
  await using one = await startOrganisationApp(idp);
  await using other = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, one.url, throughProvider(idp, one.client));
  await using second = await connectAndPublish(world, other.url, throughProvider(idp, other.client));
  idp.lifetimes.idToken = DAY;
  outliveToken(world);
  const messages = Array.from({ length: 20 }, (_, index) => `call ${index}`);
  const calls = messages.map((message, index) => (index % 2 === 0 ? caller : second).call(message));
  expect(await Promise.all(calls)).toEqual(messages);
  expect(idp.counters).toEqual({ codes: 3, refreshes: 0, exchanges: 4, refusedExchanges: 0, logins: 1 });
});

test("an app that registers the extension is told of as the client that came of it", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL });
  await using app = await startOAuthApp({ trusts: idp });
  const { issuer, registered, counters } = app.authorization;
  idp.assign({ audience: issuer, resource: app.url, clientId: () => registered.at(-1) ?? "" });
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, app.url, throughProvider(idp, null));
  expect(await caller.call("registered")).toBe("registered");
  expect(counters).toMatchObject({ registrations: 1, redemptions: 1, codes: 0, refused: 0 });
  expect(app.seenSubjects).toEqual(new Set(["ada"]));
});

test("an ID token that the provider took back is replaced while the person is signed in there", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, idTokenTtl: DAY });
  await using app = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
  await idp.endSession("ada");
  await world.window.visit(idp.loginUrl("ada"));
  outliveToken(world);
  expect(await caller.call("signed in anew")).toBe("signed in anew");
  expect(idp.counters).toMatchObject({ codes: 2, exchanges: 2, refusedExchanges: 1 });
  expect(world.window.counters.shown).toBe(1);
});

test.for([true, false])(
  "an account that the organisation ends executes nothing more (refresh token: %s)",
  async (refreshTokens) => {
    await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, refreshTokens });
    await using one = await startOrganisationApp(idp);
    await using other = await startOrganisationApp(idp);
    await using world = await startSignInWayWorld({ account: "ada" });
    await using caller = await connectAndPublish(world, one.url, throughProvider(idp, one.client));
    await using second = await connectAndPublish(world, other.url, throughProvider(idp, other.client));
    expect([await caller.call("before"), await second.call("before")]).toEqual(["before", "before"]);
    await idp.deny("ada");
    outliveToken(world);
    expect([await caller.call("after"), await second.call("after")]).toEqual([
      "app_needs_sign_in",
      "app_needs_sign_in",
    ]);
    expect(await caller.call("once more")).toBe("app_needs_sign_in");
    for (const app of [one, other]) {
      expect(app.executions.begun.get("echo")).toBe(1);
      expect(app.authorization.counters.redemptions).toBe(1);
    }
    expect(world.window.counters.shown).toBe(1);
    const rows = z.array(z.looseObject({ status: z.string() })).parse(await world.device.rows("connections"));
    expect(rows.map(({ status }) => status)).toEqual(["needs_sign_in", "needs_sign_in"]);
  },
);

test("an app that the organisation takes away executes nothing more, and the others go on", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, idTokenTtl: DAY });
  await using one = await startOrganisationApp(idp);
  await using other = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, one.url, throughProvider(idp, one.client));
  await using second = await connectAndPublish(world, other.url, throughProvider(idp, other.client));
  one.unassign();
  outliveToken(world);
  expect(await caller.call("after")).toBe("app_needs_sign_in");
  expect(await second.call("after")).toBe("after");
  expect(one.executions.begun.get("echo")).toBeUndefined();
});

test("whom the organisation does not let use an app is told so at Connect", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL });
  await using notHers = await startOrganisationApp(idp, { people: ["bob"] });
  await using nobodys = await startOrganisationApp(idp);
  nobodys.unassign();
  await using world = await startSignInWayWorld({ account: "ada" });
  for (const app of [notHers, nobodys]) {
    const added = await addApp(world.device, app.url, throughProvider(idp, app.client));
    await expect(connect(world, added)).rejects.toThrow("connect_provider_refused");
    expect(app.authorization.counters).toMatchObject({ redemptions: 0, refused: 0 });
  }
});

test("a window that is closed, and an account that is refused, connect nothing", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL });
  await using app = await startOrganisationApp(idp);
  await idp.deny("mallory");
  for (const account of [undefined, "mallory"]) {
    await using world = await startSignInWayWorld(account === undefined ? {} : { account });
    const added = await addApp(world.device, app.url, throughProvider(idp, app.client));
    await expect(connect(world, added)).rejects.toThrow("connect_denied");
  }
  expect(idp.issued.idTokens).toEqual([]);
});

test("the ID token of another sign-in, though of the same person, is exchanged for nothing", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL });
  await using app = await startOrganisationApp(idp);
  await using earlier = await startSignInWayWorld({ account: "ada" });
  await connect(earlier, await addApp(earlier.device, app.url, throughProvider(idp, app.client)));
  const [replayed = ""] = idp.issued.idTokens;
  await using world = await startSignInWayWorld({ account: "ada" });
  const added = await addApp(world.device, app.url, throughProvider(idp, app.client));
  idp.lies.idToken = replayed;
  await expect(connect(world, added)).rejects.toThrow("connect_failed");
  expect(idp.counters).toMatchObject({ codes: 2, exchanges: 1, refusedExchanges: 0 });
  idp.lies.idToken = null;
  await connect(world, added);
  expect(idp.counters.exchanges).toBe(2);
});

test("whoever signs in at the provider later does not take over the connection of the first", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, idTokenTtl: HOUR });
  await using app = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
  await world.window.visit(idp.loginUrl("bob"));
  idp.lifetimes.idToken = DAY;
  outliveToken(world);
  expect(await caller.call("whose?")).toBe("app_needs_sign_in");
  expect(world.window.counters).toEqual({ shown: 1, silent: 1 });
  expect(app.seenSubjects).toEqual(new Set(["ada"]));
  expect(app.executions.begun.get("echo")).toBeUndefined();
});

test("nor does whoever connects another app later, though the extension holds their ID token then", async () => {
  await using idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, idTokenTtl: DAY });
  await using app = await startOrganisationApp(idp);
  await using another = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
  await world.window.visit(idp.loginUrl("bob"));
  await using bobs = await connectAndPublish(world, another.url, throughProvider(idp, another.client));
  outliveToken(world);
  expect(await bobs.call("bob's")).toBe("bob's");
  expect(await caller.call("whose?")).toBe("app_needs_sign_in");
  expect([app.seenSubjects, another.seenSubjects]).toEqual([new Set(["ada"]), new Set(["bob"])]);
  expect(app.executions.begun.get("echo")).toBeUndefined();
});

test.for([HOUR, DAY])(
  "a provider that does not answer is no refusal: the app is not reached now (%i s)",
  async (idTokenTtl) => {
    await using world = await startSignInWayWorld({ account: "ada" });
    const idp = await startIdentityProvider({ redirectUri: PROVIDER_REDIRECT_URL, refreshTokens: true, idTokenTtl });
    await using app = await startOrganisationApp(idp);
    await using caller = await connectAndPublish(world, app.url, throughProvider(idp, app.client));
    await idp[Symbol.asyncDispose]();
    expect(await caller.call("not yet ended")).toBe("not yet ended");
    outliveToken(world);
    expect(await caller.call("ended")).toBe("app_unreachable");
    expect(app.executions.begun.get("echo")).toBe(1);
  },
);

test("what a sign-in at the provider left goes with the last connection that used it", async () => {
  await using idp = await startIdentityProvider({
    redirectUri: PROVIDER_REDIRECT_URL,
    refreshTokens: true,
    idTokenTtl: DAY,
  });
  await using one = await startOrganisationApp(idp);
  await using other = await startOrganisationApp(idp);
  await using world = await startSignInWayWorld({ account: "ada" });
  const added = await addApp(world.device, one.url, throughProvider(idp, one.client));
  await connect(world, added);
  const last = await addApp(world.device, other.url, throughProvider(idp, other.client));
  await connect(world, last);
  await world.device.command("apps.disconnect", { connectionId: added.connectionId });
  await using caller = await publish(world, last);
  outliveToken(world);
  expect(await caller.call("still connected")).toBe("still connected");
  await world.device.command("apps.disconnect", { connectionId: last.connectionId });
  expect(await world.device.rows("secrets")).toEqual([]);
});
