import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createCookieJar } from "../support/cookie-jar.ts";
import { askTokens, discover, listTools, readTokens, register, type ServerMetadata } from "../support/oauth-client.ts";
import { errorOf } from "../support/oauth-world.ts";
import { startPersonRelay, type DeployedPersona, type PersonRelay } from "../support/person-relay.ts";
import { sendForm, textOf, walk, type Step } from "../support/sign-in.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const startedSchema = z.strictObject({
  device_code: z.string(),
  user_code: z.string().regex(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/u),
  verification_uri: z.string(),
  expires_in: z.literal(300),
  interval: z.literal(5),
});
type Started = z.infer<typeof startedSchema>;
type Device = { clientId: string; started: Started };

let person: PersonRelay;
let persona: DeployedPersona;
let key: string;
let metadata: ServerMetadata;

beforeEach(async () => {
  person = await startPersonRelay({ env: { DEVICE_FLOW: "on" } });
  persona = await person.deploy();
  key = await person.createKey(persona.personaId);
  ({ metadata } = await discover(persona.endpoint));
});

afterEach(() => person[Symbol.asyncDispose]());

test("a device without a browser gets tokens once its code was typed and allowed", async () => {
  const device = await begin();
  expect(errorOf((await poll(device)).body)).toBe("authorization_pending");
  const jar = createCookieJar();
  const signIn = await typeCode(device.started.user_code.toLowerCase(), jar);
  const read = textOf(signIn.page.html);
  expect(read).toContain("Asks from another device, at ");
  expect(read).toContain("whoever gave you the code gets the access");
  const consent = await sendForm(signIn.page, jar, { field: "key", values: { key } });
  expect(errorOf((await poll(device)).body)).toBe("authorization_pending");
  const end = await sendForm(consent.page, jar, { button: "Allow" });
  expect(new URL(end.page.url).pathname).toBe("/device/allowed");
  const answer = await poll(device);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const tokens = readTokens(answer.body);
  expect(tokens["scope"]).toBe("read write");
  expect(await listTools(persona.endpoint, tokens.access_token)).toMatchObject({ status: 200 });
  const other = await person.deploy("Another");
  expect((await listTools(other.endpoint, tokens.access_token)).status).toBe(401);
  const renewed = await askTokens(metadata, {
    grant_type: "refresh_token",
    refresh_token: tokens.refresh_token,
    client_id: device.clientId,
    scope: "read write destructive",
  });
  expect(errorOf(renewed.body)).toBe("invalid_scope");
});

test("deleting cannot be asked for, by whatever scope", async () => {
  for (const scope of ["destructive", "read write destructive", "openid admin", ""]) {
    const jar = createCookieJar();
    const device = await begin({ scope });
    const signIn = await typeCode(device.started.user_code, jar);
    const consent = await sendForm(signIn.page, jar, { field: "key", values: { key } });
    expect(consent.page.html).not.toContain('value="destructive"');
    await sendForm(consent.page, jar, { button: "Allow", edit: withDeleting });
    expect(readTokens((await poll(device)).body)["scope"]).toBe("read write");
  }
});

test("a device is told no", async () => {
  for (const button of ["Cancel", "Deny"]) {
    const device = await begin();
    const jar = createCookieJar();
    let step = await typeCode(device.started.user_code, jar);
    if (button === "Deny") step = await sendForm(step.page, jar, { field: "key", values: { key } });
    const end = await sendForm(step.page, jar, { button });
    expect(new URL(end.page.url).pathname).toBe("/device/denied");
    expect(errorOf((await poll(device)).body)).toBe("access_denied");
    // It was decided: neither the page nor the device gets a second answer.
    expect((await walk(step.page.url, jar)).page.status).toBe(400);
    expect(errorOf((await poll(device)).body)).toBe("invalid_grant");
  }
});

test("after five minutes the code opens nothing, and the device hears that it is too old", async () => {
  const [late, typed] = [await begin(), await begin()];
  const jar = createCookieJar();
  const signIn = await typeCode(typed.started.user_code, jar);
  person.clock.now += 300_000;
  expect(textOf((await typeCode(late.started.user_code, createCookieJar())).page.html)).toContain("older than five");
  const over = await sendForm(signIn.page, jar, { field: "key", values: { key } });
  expect([over.page.status, textOf(over.page.html)]).toEqual([400, expect.stringContaining("The sign-in is over")]);
  for (const device of [late, typed]) expect(errorOf((await poll(device)).body)).toBe("expired_token");
});

test("a code is never filled in, whatever a link says", async () => {
  const { started } = await begin();
  expect(started.verification_uri).toBe(`${person.relay.url}/device`);
  for (const name of ["user_code", "code"]) {
    const { page } = await walk(`${started.verification_uri}?${name}=${started.user_code}`, createCookieJar());
    expect(page.status).toBe(200);
    expect(page.html).not.toContain(started.user_code);
    expect(page.forms.flatMap(({ fields }) => fields).find(([field]) => field === "code")).toEqual(["code", ""]);
    expect(textOf(page.html)).toContain("Whoever sends you a code by message, mail or phone");
  }
});

test("a form that another page sends does not type a code", async () => {
  const { started } = await begin();
  const jar = createCookieJar();
  const { page } = await walk(started.verification_uri, jar);
  const fields = new Map(page.forms[0]?.fields);
  fields.set("code", started.user_code);
  const body = new URLSearchParams([...fields]);
  const foreign = await jar.fetch(started.verification_uri, {
    method: "POST",
    body,
    headers: { origin: "https://evil.example" },
  });
  const withoutCookie = await fetch(started.verification_uri, { method: "POST", body, redirect: "manual" });
  fields.set("csrf", "x".repeat(43));
  const guessed = await jar.fetch(started.verification_uri, { method: "POST", body: new URLSearchParams([...fields]) });
  expect([foreign.status, withoutCookie.status, guessed.status]).toEqual([403, 403, 403]);
  expect(new URL((await typeCode(started.user_code, jar)).page.url).pathname).toMatch(/^\/sign-in\/device-/u);
});

test("a typed code is used up, and its sign-in belongs to the browser in which it was typed", async () => {
  const device = await begin();
  const jar = createCookieJar();
  const signIn = await typeCode(device.started.user_code, jar);
  expect(textOf((await typeCode(device.started.user_code, createCookieJar())).page.html)).toContain("wrong, used, or");
  expect((await walk(signIn.page.url, createCookieJar())).page.status).toBe(400);
  const again = await walk(signIn.page.url, jar);
  expect(again.page.forms.some(({ inputs }) => inputs.includes("key"))).toBe(true);
});

test("after five wrong codes an address has to wait, right code or not", async () => {
  const { started } = await begin();
  const jar = createCookieJar();
  for (let guess = 0; guess < 5; guess += 1) {
    expect((await typeCode("BBBB-BBBB", jar)).page.status).toBe(200);
  }
  const refused = await typeCode(started.user_code, jar);
  expect([refused.page.status, textOf(refused.page.html)]).toEqual([429, expect.stringContaining("Too many wrong")]);
  person.clock.now += 299_000;
  const { started: fresh } = await begin();
  expect((await typeCode(fresh.user_code, jar)).page.status).toBe(429);
  person.clock.now += 1_001;
  expect(new URL((await typeCode(fresh.user_code, jar)).page.url).pathname).toMatch(/^\/sign-in\//u);
});

test("right codes are no guesses: an address may type many", async () => {
  const { clientId } = await begin();
  for (let typed = 0; typed < 7; typed += 1) {
    const answer = await start({ client_id: clientId, resource: persona.endpoint });
    const { user_code: code } = startedSchema.parse(await answer.json());
    expect(new URL((await typeCode(code, createCookieJar())).page.url).pathname).toMatch(/^\/sign-in\/device-/u);
  }
});

test("a device's code opens once: of many at once one wins, and a later one ends the connection", async () => {
  const device = await begin();
  await allow(device);
  const answers = await Promise.all(Array.from({ length: 10 }, () => poll(device)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(errorOf((await poll(device)).body)).toBe("invalid_grant");
  const { access_token: token } = readTokens(won[0]?.body);
  expect((await listTools(persona.endpoint, token)).status).toBe(401);
});

test("a device that names no address gets in at the bare relay, for the persona that was chosen", async () => {
  const { clientId } = await begin();
  const answer = await start({ client_id: clientId });
  expect(answer.status).toBe(200);
  const device = { clientId, started: startedSchema.parse(await answer.json()) };
  const jar = createCookieJar();
  const signIn = await typeCode(device.started.user_code, jar);
  const consent = await sendForm(signIn.page, jar, { field: "key", values: { key } });
  await sendForm(consent.page, jar, { button: "Allow" });
  const tokens = readTokens((await poll(device)).body);
  expect(await listTools(`${person.relay.url}/mcp`, tokens.access_token)).toMatchObject({ status: 200 });
});

test("a device that was let in at one address gets no token for another", async () => {
  const device = await begin();
  const other = await person.deploy("Another");
  await allow(device);
  const answer = await askTokens(metadata, {
    grant_type: GRANT,
    device_code: device.started.device_code,
    client_id: device.clientId,
    resource: other.endpoint,
  });
  expect(errorOf(answer.body)).toBe("invalid_target");
});

test("the code of one client is nothing to another", async () => {
  const device = await begin();
  await allow(device);
  const other = await begin({ name: "Another device" });
  expect(errorOf((await poll({ ...device, clientId: other.clientId })).body)).toBe("invalid_grant");
  expect((await poll(device)).status).toBe(200);
});

test("what is asked for is checked before there is a code", async () => {
  const { clientId } = await begin();
  const kept = await person.deploy("Kept");
  const asked = async (change: Record<string, string>) =>
    errorOf(await (await start({ client_id: clientId, resource: kept.endpoint, ...change })).json());
  expect(await asked({ client_id: "client_unknown" })).toBe("invalid_client");
  expect(await asked({ resource: `${person.relay.url}/p/none-aaaaaa/mcp` })).toBe("invalid_target");
  expect(await asked({ resource: "https://elsewhere.example/mcp" })).toBe("invalid_target");
  expect(await asked({ grant_type: "x", verification_uri: "https://evil.example" })).toBe("none");
});

test("an address may ask for so many codes a minute", async () => {
  const { clientId } = await begin();
  const statuses: number[] = [];
  for (let asked = 0; asked < 60; asked += 1) {
    const answer = await start({ client_id: clientId, resource: persona.endpoint });
    statuses.push(answer.status);
    await answer.text();
  }
  expect([statuses.indexOf(429), statuses.at(-1)]).toEqual([59, 429]);
});

test("neither code is stored, nor written to the log", async () => {
  const device = await begin();
  await allow(device);
  const { started } = device;
  const typed = started.user_code.replace("-", "");
  const stored = (await person.relay.databaseBytes()).toString("latin1");
  const log = person.relay.log.join("\n");
  for (const secret of [started.device_code, started.user_code, typed]) {
    expect(stored).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
});

test("switched off it does not exist, for clients of either time", async () => {
  const device = await begin();
  await using off = await startPersonRelay();
  const there = await off.deploy();
  const { metadata: without } = await discover(there.endpoint);
  expect(metadata).toMatchObject({ device_authorization_endpoint: `${person.relay.url}/device_authorization` });
  expect(metadata["grant_types_supported"]).toContain(GRANT);
  expect(without).not.toHaveProperty("device_authorization_endpoint");
  expect(without["grant_types_supported"]).not.toContain(GRANT);
  const form = new URLSearchParams({ client_id: device.clientId });
  for (const [method, path] of [
    ["POST", "/device_authorization"],
    ["POST", "/device"],
    ["GET", "/device"],
    ["GET", "/device/allowed"],
  ] as const) {
    const answer = await fetch(`${off.relay.url}${path}`, { method, ...(method === "POST" ? { body: form } : {}) });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  const registered = await register(without, { redirect_uris: ["http://127.0.0.1/cb"], grant_types: [GRANT] });
  expect(registered).toMatchObject({ status: 201, body: { grant_types: ["authorization_code", "refresh_token"] } });
  const { client_id: clientId } = z.looseObject({ client_id: z.string() }).parse(registered.body);
  const asked = await askTokens(without, { grant_type: GRANT, device_code: "x", client_id: clientId });
  expect(errorOf(asked.body)).toBe("unsupported_grant_type");
});

async function begin({ scope = "read write", name = "Headless" } = {}): Promise<Device> {
  const registered = await register(metadata, {
    client_name: name,
    redirect_uris: ["http://127.0.0.1:3334/oauth/callback"],
    grant_types: [GRANT, "refresh_token"],
  });
  const { client_id: clientId } = z.looseObject({ client_id: z.string() }).parse(registered.body);
  const answer = await start({ client_id: clientId, resource: persona.endpoint, scope });
  return { clientId, started: startedSchema.parse(await answer.json()) };
}

const start = (form: Record<string, string>): Promise<Response> =>
  fetch(z.string().parse(metadata["device_authorization_endpoint"]), {
    method: "POST",
    body: new URLSearchParams(form),
  });

const poll = ({ clientId, started }: Device) =>
  askTokens(metadata, { grant_type: GRANT, device_code: started.device_code, client_id: clientId });

async function typeCode(code: string, jar: ReturnType<typeof createCookieJar>): Promise<Step> {
  const { page } = await walk(`${person.relay.url}/device`, jar);
  return sendForm(page, jar, { field: "code", values: { code } });
}

async function allow({ started }: Device): Promise<void> {
  const jar = createCookieJar();
  const signIn = await typeCode(started.user_code, jar);
  const consent = await sendForm(signIn.page, jar, { field: "key", values: { key } });
  await sendForm(consent.page, jar, { button: "Allow" });
}

const withDeleting = (fields: [string, string][]): [string, string][] => [...fields, ["scope", "destructive"]];
