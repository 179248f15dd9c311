import { openStore } from "@agent-personas/relay/store/open-store";
import { expect, test } from "vitest";
import { createCookieJar } from "../support/cookie-jar.ts";
import { readTokens } from "../support/oauth-client.ts";
import { signIn, textOf, walk, type SignInPage, type Step } from "../support/sign-in.ts";
import { startWorld, type World } from "../support/oauth-world.ts";

type Jar = ReturnType<typeof createCookieJar>;

/** Pastes a key on the first page, as its form says. */
function paste(page: SignInPage, key: string, jar: Jar, headers: Record<string, string> = {}): Promise<Step> {
  const form = page.forms.find(({ inputs }) => inputs.includes("key"));
  if (form === undefined) throw new Error(`No key is asked for at ${page.url}`);
  const body = new URLSearchParams(form.fields);
  body.set("key", key);
  return walk(new URL(form.action, page.url).href, jar, { method: "POST", body, headers: own(page, headers) });
}

/** Presses a button of the consent page. */
function press(page: SignInPage, text: string, jar: Jar, headers: Record<string, string> = {}): Promise<Step> {
  const form = page.forms.find(({ buttons }) => buttons.some((button) => button.text === text));
  const button = form?.buttons.find((candidate) => candidate.text === text);
  if (form === undefined || button === undefined) throw new Error(`No ${text} at ${page.url}`);
  const body = new URLSearchParams(form.fields);
  if (button.name !== null) body.append(button.name, button.value);
  return walk(new URL(form.action, page.url).href, jar, { method: "POST", body, headers: own(page, headers) });
}

const own = (page: SignInPage, headers: Record<string, string>): Record<string, string> => ({
  origin: new URL(page.url).origin,
  ...headers,
});

async function refusalAt(url: string): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", headers: { authorization: "Bearer nonsense" }, body: "{}" });
  return [answer.status, withoutRequestId(await answer.text())];
}

/** Every answer has one of its own. */
const withoutRequestId = (text: string): string => text.replaceAll(/req_\w+/gu, "req");

async function consentPage(world: World, jar: Jar, redirectUri?: string, name?: string): Promise<SignInPage> {
  const client = await world.client(redirectUri, name === undefined ? {} : { client_name: name });
  return (await paste((await world.open(client, {}, jar)).page, world.key, jar)).page;
}

test("A18 every client is asked about, every time, whatever was allowed before", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const first = await world.client("http://localhost/callback");
  await world.code(first, {}, { jar });
  const namesake = await world.client("http://localhost:7777/callback");
  const elsewhere = await world.client("https://elsewhere.example/callback");
  for (const client of [first, namesake, elsewhere]) {
    const step = await world.open(client, {}, jar);
    expect([client.redirectUri, step.left, step.page.status]).toEqual([client.redirectUri, null, 200]);
    const consent = await paste(step.page, world.key, jar);
    expect(consent.left).toBeNull();
    expect(consent.page.forms.flatMap(({ buttons }) => buttons.map(({ text }) => text))).toEqual(
      expect.arrayContaining(["Allow", "Deny"]),
    );
  }
});

test("A19 consent shows name, return host, persona, account and scopes as text that cannot mislead", async () => {
  await using world = await startWorld();
  const name = `<img src=x onerror=alert(1)>\u202E\u0000evil\u2066${"x".repeat(2_000)}`;
  const page = await consentPage(world, createCookieJar(), "http://127.0.0.1:5000/callback", name);
  const text = textOf(page.html);
  expect(page.html).not.toContain("<img");
  for (const hidden of ["\u0000", "\u202E", "\u2066"]) expect(page.html).not.toContain(hidden);
  expect(page.html).not.toContain("x".repeat(100));
  for (const shown of ["127.0.0.1", "a program on this computer", "Release Bot", "Access key", "Read", "Sample_echo"]) {
    expect(text).toContain(shown);
  }
  expect(text).toContain("Any program on this computer can ask like this");
  const custom = await consentPage(world, createCookieJar(), "cursor://anysphere.cursor-mcp/oauth/callback");
  expect(textOf(custom.html)).toContain("Whichever program opens cursor: links");
  const logo = await consentPage(world, createCookieJar(), "https://h.example/cb", "Logo");
  expect(logo.html).not.toMatch(/<(?:img|script|iframe|link)[^>]+(?:src|href)="https?:/iu);
});

test("A20 a form that this browser was not given, or from another origin, decides nothing", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const page = await consentPage(world, jar);
  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }]) {
    const forged = await press(page, "Allow", jar, headers);
    expect([headers.origin, forged.left, forged.page.status]).toEqual([headers.origin, null, 403]);
  }
  const stranger = createCookieJar();
  await world.open(await world.client("https://stranger.example/cb"), {}, stranger);
  const crossed = await press(page, "Allow", stranger);
  expect(crossed.left).toBeNull();
  expect(crossed.page.status).toBeGreaterThanOrEqual(400);
  const altered = page.forms.map((form) => ({
    ...form,
    fields: form.fields.map(([name, value]): [string, string] => [name, /csrf/iu.test(name) ? `x${value}` : value]),
  }));
  expect((await press({ ...page, forms: altered }, "Allow", jar)).page.status).toBe(403);
  const missing = page.forms.map((form) => ({ ...form, fields: form.fields.filter(([name]) => !/csrf/iu.test(name)) }));
  expect((await press({ ...page, forms: missing }, "Allow", jar)).page.status).toBeGreaterThanOrEqual(400);

  const response = await jar.fetch(page.url);
  for (const line of response.headers.getSetCookie()) expect(line).toMatch(/HttpOnly; SameSite=(?:Lax|Strict)/iu);
  const { left } = await press(page, "Allow", jar);
  expect(left?.searchParams.has("code")).toBe(true);
  // The same form again makes no second grant.
  await press(page, "Allow", jar);
  const store = await openStore(world.relay.dataFolder);
  const grants = await store.db.selectFrom("grants").select("grant_id").execute();
  await store.close();
  expect(grants).toHaveLength(1);
});

test("A21 no page can be framed, and nothing keeps a form from returning to any scheme", async () => {
  await using world = await startWorld();
  for (const redirectUri of ["https://h.example/cb", "cursor://anysphere.cursor-mcp/oauth/callback"]) {
    const jar = createCookieJar();
    const client = await world.client(redirectUri);
    const identify = await world.open(client, {}, jar);
    const consent = await paste(identify.page, world.key, jar);
    for (const url of [identify.page.url, consent.page.url]) {
      const { headers } = await jar.fetch(url);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("content-security-policy")).not.toContain("form-action");
      expect(headers.get("x-frame-options")?.toUpperCase()).toBe("DENY");
    }
    const { left } = await press(consent.page, "Allow", jar);
    expect(left?.href.startsWith(redirectUri)).toBe(true);
  }
});

test("A22 several sign-ins go on side by side in one browser, each to its own end, on the relay's own origin", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const clients = [await world.client("https://a.example/cb"), await world.client("https://b.example/cb")];
  const asked = clients.map((client) => world.authorize(client));
  const opened = [await walk(asked[0]?.url ?? "", jar), await walk(asked[1]?.url ?? "", jar)];
  const known: SignInPage[] = [];
  for (const { page } of opened) {
    expect(new URL(page.url).origin).toBe(world.relay.url);
    expect(page.html).not.toMatch(/<(?:iframe|script)[^>]+src="https?:/iu);
    known.push((await paste(page, world.key, jar)).page);
  }
  for (const index of [1, 0]) {
    const page = known[index];
    const client = clients[index];
    const request = asked[index];
    if (page === undefined || client === undefined || request === undefined) throw new Error("missing");
    const { left } = await press(page, "Allow", jar);
    expect(left?.searchParams.get("state")).toBe(request.state);
    const code = {
      code: left?.searchParams.get("code") ?? "",
      verifier: request.verifier,
      client,
      left: left ?? new URL("a:"),
    };
    expect((await world.exchange(code)).status).toBe(200);
  }
});

test("A23 a sign-in that somebody else began cannot be finished, and nobody stays signed in", async () => {
  await using world = await startWorld();
  const attacker = createCookieJar();
  const begun = await world.open(await world.client(), {}, attacker);
  const victim = createCookieJar();
  const fixed = await walk(begun.page.url, victim);
  expect(fixed.page.status).toBeGreaterThanOrEqual(400);
  expect(fixed.page.forms.flatMap(({ inputs }) => inputs)).toEqual([]);
  const pasted = await paste(begun.page, world.key, victim).catch(() => null);
  expect(pasted?.left ?? null).toBeNull();
  const still = await walk(begun.page.url, attacker);
  expect(still.page.forms.some(({ inputs }) => inputs.includes("key"))).toBe(true);

  const client = await world.client("https://after.example/cb");
  await world.code(client, {}, { jar: victim });
  const next = await world.open(client, {}, victim);
  expect(next.page.forms.some(({ inputs }) => inputs.includes("key"))).toBe(true);
});

test("A33 wrong keys are counted, and no answer tells what exists", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const client = await world.client();
  let { page } = await world.open(client, {}, jar);
  const answers: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const key = `ap_abc123_${String(index).repeat(43)}_abcdef`;
    ({ page } = await paste(page, key, jar));
    answers.push(textOf(page.html));
  }
  expect(new Set(answers.slice(0, 5)).size).toBe(1);
  expect(answers[5]).toContain("Too many wrong access keys");
  // The right one, too, waits now.
  ({ page } = await paste(page, world.key, jar));
  expect(textOf(page.html)).toContain("Too many wrong access keys");

  const other = await world.deploy("Other");
  expect(await refusalAt(other.endpoint)).toEqual(await refusalAt(`${world.relay.url}/p/nothing-abcdef/mcp`));
});

test("A34 no secret is logged or given away as referrer", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const client = await world.client();
  const { page } = await world.open(client, {}, jar);
  const consent = await paste(page, world.key, jar);
  for (const url of [
    page.url,
    consent.page.url,
    world.authorize(client).url,
    `${world.relay.url}/authorize?client_id=x`,
  ]) {
    expect([url, (await jar.fetch(url)).headers.get("referrer-policy")]).toEqual([url, "no-referrer"]);
  }
  const asked = world.authorize(client);
  const left = await signIn(asked.url, { accessKey: world.key });
  const code = { code: left.searchParams.get("code") ?? "", verifier: asked.verifier, client, left };
  const wrong = await world.exchange(code, { code_verifier: "v".repeat(43) });
  const tokens = readTokens((await world.exchange(code)).body);
  await world.list(tokens.access_token);
  await world.exchange(code);
  const log = world.relay.log.join("\n");
  const error = JSON.stringify(wrong.body);
  for (const [name, secret] of Object.entries({
    key: world.key,
    code: code.code,
    verifier: code.verifier,
    state: asked.state,
    access: tokens.access_token,
    refresh: tokens.refresh_token,
  })) {
    expect([name, log.includes(secret), error.includes(secret)]).toEqual([name, false, false]);
  }
});

test("A36 a changed or borrowed handle of a sign-in or session opens nothing", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const page = await consentPage(world, jar);
  const uid = /\/sign-in\/([^/]+)/u.exec(page.url)?.[1] ?? "";
  expect(uid.length).toBeGreaterThan(15);
  for (const changed of [`${uid}x`, uid.slice(1), "x".repeat(uid.length), `..%2f${uid}`]) {
    const { left, page: refused } = await walk(page.url.replace(uid, changed), jar);
    expect([changed, left]).toEqual([changed, null]);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.html).not.toContain("Release Bot");
  }
  const { access_token: token } = await world.tokens(await world.client("https://b.example/cb"));
  const answer = await fetch(world.persona.endpoint, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json",
      "mcp-session-id": "session_00000000000000000000000000",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });
  expect(answer.status).toBe(404);
});
