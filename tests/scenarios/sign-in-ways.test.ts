import { openStore } from "@agent-personas/relay/store/open-store";
import { createTestDevice } from "@agent-personas/relay/test-support/paired-device";
import { addPerson } from "@agent-personas/relay/test-support/second-person";
import { connectDevice } from "@agent-personas/relay/test-support/test-device";
import { grantsSchema, signInCodeSchema, waitingSignInsSchema } from "@agent-personas/shared/api/grants";
import { signSignInToken, type SignInClaims } from "@agent-personas/shared/oauth/sign-in-token";
import type { SignIn } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { startWorld, type World } from "../support/oauth-world.ts";
import { createCookieJar, type CookieJar } from "../support/cookie-jar.ts";
import { sendForm, textOf, walk, type SignInPage, type Step } from "../support/sign-in.ts";

/** What the extension reads in the page. */
function claimsOf({ html }: SignInPage): SignInClaims {
  const head = /<form\s+id="ap-extension"[^>]*>/u.exec(html)?.[0] ?? "";
  const read = (name: string): string => new RegExp(`data-${name}="([^"]*)"`, "u").exec(head)?.[1] ?? "";
  return {
    interaction: read("interaction"),
    client_id: read("client-id"),
    redirect_uri: read("redirect-uri"),
    nonce: read("nonce"),
  };
}

/** Submits the extension's form with this token. */
function vouch(page: SignInPage, jar: CookieJar, token: string): Promise<Step> {
  const form = page.forms.find(({ action }) => action.endsWith("/extension"));
  const body = new URLSearchParams({ ...Object.fromEntries(form?.fields ?? []), token });
  const url = new URL(form?.action ?? "", page.url);
  return walk(url.href, jar, { method: "POST", body, headers: { origin: url.origin } });
}

const sign = (world: World, claims: SignInClaims, change: { audience?: string; now?: number } = {}): Promise<string> =>
  signSignInToken({ deviceId: world.device.deviceId(), privateKey: world.device.privateKey }, claims, {
    audience: change.audience ?? world.relay.url,
    now: change.now ?? world.clock.now,
  });

const hasAllow = ({ page }: Step): boolean =>
  page.forms.some(({ buttons }) => buttons.some(({ text }) => text === "Allow"));

async function newCode(world: World): Promise<string> {
  const answer = await world.device.send("POST", "/sign-in-codes");
  return signInCodeSchema.parse(answer.body).code;
}

async function waiting(world: World) {
  return waitingSignInsSchema.parse((await world.device.send("GET", "/sign-ins")).body).signIns;
}

const type = (page: SignInPage, jar: CookieJar, code: string): Promise<Step> =>
  sendForm(page, jar, { field: "code", values: { code } });

test("this browser's signature for this very sign-in names its person", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const start = await world.open(await world.client(), {}, jar);
  const consent = await vouch(start.page, jar, await sign(world, claimsOf(start.page)));
  expect(textOf(consent.page.html)).toMatch(/Persona Release Bot Account Ada signed in with Test browser/u);
  const { left } = await sendForm(consent.page, jar, { button: "Allow" });
  expect(left?.searchParams.has("code")).toBe(true);
});

test("a signature for anything else, by anybody else, or used before names nobody", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const client = await world.client();
  const other = claimsOf((await world.open(client, {}, createCookieJar())).page);
  let { page } = await world.open(client, {}, jar);
  const claims = claimsOf(page);
  const stranger = await createTestDevice(world.relay.url, world.clock);
  const known = { deviceId: world.device.deviceId(), privateKey: stranger.privateKey };
  const target = { audience: world.relay.url, now: world.clock.now };
  const tokens: Record<string, string> = {
    "another sign-in": await sign(world, other),
    "another client": await sign(world, { ...claims, client_id: "other" }),
    "another way back": await sign(world, { ...claims, redirect_uri: "https://evil.example/cb" }),
    "another nonce": await sign(world, { ...claims, nonce: "x".repeat(32) }),
    "another relay": await sign(world, claims, { audience: "https://evil.example" }),
    "another time": await sign(world, claims, { now: world.clock.now - 120_000 }),
    "another key": await signSignInToken(known, claims, target),
    "an unknown device": await signSignInToken({ ...known, deviceId: `device_${"0".repeat(31)}` }, claims, target),
    "a device token": await world.device.token(),
    nothing: "",
  };
  for (const [what, token] of Object.entries(tokens)) {
    const step = await vouch(page, jar, token);
    expect([what, step.left, hasAllow(step), /role="alert"/u.test(step.page.html)]).toEqual([what, null, false, true]);
    ({ page } = step);
  }
  const good = await sign(world, claims);
  const consent = await vouch(page, jar, good);
  expect(hasAllow(consent)).toBe(true);
  const again = await sendForm(consent.page, jar, { button: "Not you?" });
  expect(hasAllow(await vouch(again.page, jar, good))).toBe(false);
});

test("somebody else's browser, code or list opens nothing of a person", async () => {
  await using world = await startWorld();
  const { relay, clock, persona } = world;
  const eve = await addPerson({ url: relay.url, folder: relay.dataFolder, clock });
  const jar = createCookieJar();
  const client = await world.client();
  const start = await world.open(client, {}, jar);
  const token = await signSignInToken({ deviceId: eve.deviceId(), privateKey: eve.privateKey }, claimsOf(start.page), {
    audience: relay.url,
    now: clock.now,
  });
  const vouched = await vouch(start.page, jar, token);
  const eves = signInCodeSchema.parse((await eve.send("POST", "/sign-in-codes")).body).code;
  const typed = await type(vouched.page, jar, eves);
  for (const step of [vouched, typed]) {
    expect([hasAllow(step), textOf(step.page.html).includes("is not one of your personas")]).toEqual([false, true]);
  }

  const pending = await type(typed.page, jar, await newCode(world));
  const [signIn] = await waiting(world);
  expect((await eve.send("POST", `/sign-ins/${signIn?.signInId}/decision`, { allow: true })).status).toBe(404);
  expect(hasAllow(await walk(pending.page.url, jar))).toBe(false);

  await world.tokens(client);
  const listed = await world.device.send("GET", `/personas/${persona.personaId}/grants`);
  const [grant] = grantsSchema.parse(listed.body).grants;
  expect((await eve.send("GET", `/personas/${persona.personaId}/grants`)).status).toBe(404);
  expect((await eve.send("DELETE", `/grants/${grant?.grantId}`)).status).toBe(404);
});

test("a revoked connection is refused from the next request and gone from the list", async () => {
  await using world = await startWorld();
  const { access_token: token } = await world.tokens(await world.client());
  const list = async () => {
    const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/grants`);
    return grantsSchema.parse(answer.body).grants;
  };
  const [grant] = await list();
  expect(grant).toMatchObject({ client: { name: "Test client", redirectHost: "client.example" }, tools: null });
  expect((await world.list(token)).status).toBe(200);
  expect((await world.device.send("DELETE", `/grants/${grant?.grantId}`)).status).toBe(204);
  expect((await world.list(token)).status).toBe(401);
  expect(await list()).toEqual([]);
});

test("a typed code shows the sign-in to the browser that made it, whose Allow leads on", async () => {
  await using world = await startWorld();
  const { device, relay } = world;
  const shown: SignIn[] = [];
  const keys = { deviceId: device.deviceId(), publicKey: device.publicKey, privateKey: device.privateKey };
  const socket = await connectDevice(keys, { url: relay.url, publicUrl: relay.url, now: () => world.clock.now });
  socket.on("sign-in", (signIn, ack) => {
    shown.push(signIn);
    ack({ stored: true });
  });
  const jar = createCookieJar();
  const start = await world.open(await world.client("http://127.0.0.1:5000/cb"), {}, jar);
  expect(await waiting(world)).toEqual([]);

  const typed = await type(start.page, jar, (await newCode(world)).toLowerCase());
  expect([typed.left, hasAllow(typed)]).toEqual([null, false]);
  // By a header: a reload that is part of the page counts as a barrier, and a person can always press Continue.
  expect((await jar.fetch(typed.page.url)).headers.get("refresh")).toBe("10");
  expect(typed.page.html).not.toContain('http-equiv="refresh"');
  expect(typed.page.forms.flatMap(({ buttons }) => buttons).map(({ text }) => text)).toContain("Continue");
  const [signIn] = await waiting(world);
  expect(signIn).toMatchObject({
    client: { name: "Test client", redirectHost: "this computer" },
    personaId: world.persona.personaId,
    scopes: ["read", "write"],
  });
  expect(shown).toMatchObject([{ interactionId: signIn?.signInId, client: "Test client", place: signIn?.place }]);

  const decision = `/sign-ins/${signIn?.signInId}/decision`;
  expect((await device.send("POST", decision, { allow: true })).status).toBe(204);
  expect((await device.send("POST", decision, { allow: true })).status).toBe(404);
  const consent = await walk(typed.page.url, jar);
  expect(textOf(consent.page.html)).toContain("Ada");
  const { left } = await sendForm(consent.page, jar, { button: "Allow" });
  expect(left?.searchParams.has("code")).toBe(true);
  socket.disconnect();
});

test("a code that is denied, spent, old or guessed leads nowhere, and five guesses are enough", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  let { page } = await world.open(await world.client(), {}, jar);
  const code = await newCode(world);
  ({ page } = await type(page, jar, code));
  const [signIn] = await waiting(world);
  await world.device.send("POST", `/sign-ins/${signIn?.signInId}/decision`, { allow: false });
  ({ page } = await walk(page.url, jar));
  expect(textOf(page.html)).toContain("It was not allowed in the other browser");

  const old = await newCode(world);
  world.clock.now += 120_001;
  for (const wrong of [code, old, "AAAA-AAAA", "", "ACDE-FGHJ"]) {
    ({ page } = await type(page, jar, wrong));
    expect([wrong, /code is wrong/u.test(textOf(page.html))]).toEqual([wrong, true]);
  }
  const good = await newCode(world);
  ({ page } = await type(page, jar, good));
  expect(textOf(page.html)).toContain("Too many wrong codes");
  expect(await waiting(world)).toEqual([]);
  world.clock.now += 120_000;
  ({ page } = await type(page, jar, await newCode(world)));
  expect(await waiting(world)).toHaveLength(1);
});

test("a browser that is removed meanwhile allows nothing", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const start = await world.open(await world.client(), {}, jar);
  const consent = await vouch(start.page, jar, await sign(world, claimsOf(start.page)));
  const store = await openStore(world.relay.dataFolder);
  await store.db.updateTable("devices").set({ revoked_at: world.clock.now }).execute();
  await store.close();
  const refused = await sendForm(consent.page, jar, { button: "Allow" });
  expect([refused.left, hasAllow(refused)]).toEqual([null, false]);
  expect(textOf(refused.page.html)).toContain("was removed");
});

test("at the bare relay the person chooses among their personas, and may change their mind", async () => {
  await using world = await startWorld();
  const other = await world.deploy("Writer");
  const jar = createCookieJar();
  const client = await world.client();
  const start = await world.open(client, { resource: `${world.relay.url}/mcp` }, jar);
  const chooser = await vouch(start.page, jar, await sign(world, claimsOf(start.page)));
  expect(textOf(chooser.page.html)).toContain("Which persona may");
  const pick = async ({ page }: Step, name: string): Promise<Step> => {
    const form = page.forms.find(({ action }) => action.endsWith("/persona"));
    const button = form?.buttons.find(({ text }) => text.startsWith(name));
    const body = new URLSearchParams([...(form?.fields ?? []), ["persona", button?.value ?? ""]]);
    return walk(new URL(form?.action ?? "", page.url).href, jar, { method: "POST", body });
  };
  const first = await pick(chooser, "Release Bot");
  expect(textOf(first.page.html)).toContain("Persona Release Bot");
  const second = await pick(await sendForm(first.page, jar, { button: "Change" }), "Writer");
  expect(textOf(second.page.html)).toContain("Persona Writer");
  // The page for the first choice is still open somewhere.
  const late = await sendForm(first.page, jar, { button: "Allow" });
  expect([late.left, textOf(late.page.html).includes("Persona Writer")]).toEqual([null, true]);
  await sendForm(second.page, jar, { button: "Allow" });
  const over = await walk(second.page.url, jar);
  expect([over.page.status, textOf(over.page.html).includes("sign-in is over")]).toEqual([400, true]);
  expect(over.page.html).not.toContain("/sign-in/");

  const again = createCookieJar();
  const next = await world.open(client, { resource: `${world.relay.url}/mcp` }, again);
  const prefilled = await vouch(next.page, again, await sign(world, claimsOf(next.page)));
  expect(textOf(prefilled.page.html)).toContain("Persona Writer");
  const grants = await world.device.send("GET", `/personas/${other.personaId}/grants`);
  // Nothing was exchanged for tokens: nobody is connected.
  expect(grantsSchema.parse(grants.body).grants).toEqual([]);
});
