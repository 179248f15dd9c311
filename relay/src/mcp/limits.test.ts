import { NO_BUDGET, type LimitSettings } from "@agent-personas/shared/api/limits";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, expect, test } from "vitest";
import { accountInfoSchema } from "./account-info-schema.ts";
import { updatePersonaLimits, updatePersonLimits } from "../store/limit-settings.ts";
import { MODERN, startLimitedEndpoint, type LimitedEndpoint } from "../test-support/limited-endpoint.ts";
import { SLOT_ID, testTool } from "../test-support/test-persona.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function world(options?: Parameters<typeof startLimitedEndpoint>[0]): Promise<LimitedEndpoint> {
  const app = await startLimitedEndpoint(options);
  open.push(async () => app[Symbol.asyncDispose]());
  return app;
}

const codeOf = async (response: Response) => /[a-z_]+(?=, http)/u.exec(await response.text())?.[0];

const limits = (change: Partial<LimitSettings>): LimitSettings => ({
  requestsPerMinute: null,
  budget: NO_BUDGET,
  ...change,
});

test("sixty calls a minute go through, over all of a person's keys; then a result says when to go on", async () => {
  const app = await world({ env: { RATE_LIMIT: "60" } });
  await app.browser();
  const keys = [await app.owner.key(app.personaId), await app.owner.key(app.personaId)];
  for (let n = 0; n < 60; n += 1) expect((await app.call(keys[n % 2]?.secret ?? "")).text).toContain("done");
  app.clock.now += 20_000;
  const refused = await app.call(keys[0]?.secret ?? "");
  expect(refused).toMatchObject({ status: 200, retryAfter: "40" });
  expect(JSON.parse(refused.text)).toMatchObject({
    jsonrpc: "2.0",
    id: 1,
    result: { isError: true, resultType: "complete", content: [{ text: expect.stringContaining("(rate_limited, ") }] },
  });
  app.clock.now += 40_000;
  expect((await app.call(keys[0]?.secret ?? "")).text).toContain("done");
});

test("lists, handshakes and the account never count", async () => {
  const app = await world({ env: { RATE_LIMIT: "1" } });
  const { secret } = await app.owner.key(app.personaId);
  for (let n = 0; n < 5; n += 1) {
    expect((await app.send(secret, "tools/list")).status).toBe(200);
    expect((await app.send(secret, "server/discover")).status).toBe(200);
    expect((await app.account(secret)).rate).toMatchObject({ limit: 1, remaining: 1 });
  }
  await app.browser();
  expect((await app.call(secret)).text).toContain("done");
  expect((await app.account(secret)).rate).toMatchObject({ limit: 1, remaining: 0 });
});

test("methods other than calls are refused as HTTP 429", async () => {
  const app = await world({ env: { RATE_LIMIT: "1" } });
  const { secret } = await app.owner.key(app.personaId);
  await app.send(secret, "prompts/get", { name: "x" });
  for (const method of ["resources/read", "prompts/get", "completion/complete"]) {
    const response = await app.send(secret, method, { name: "x" });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("60");
    expect(await response.json()).toMatchObject({ id: 1, error: { data: { code: "rate_limited" } } });
  }
});

test("a call whose headers and body disagree is refused for that and not counted", async () => {
  const app = await world({ env: { RATE_LIMIT: "1" } });
  const { secret } = await app.owner.key(app.personaId);
  const params = { name: "Echo_say", _meta: MODERN };
  const disagreeing = () =>
    fetch(`${app.relay.url}/p/${app.slug}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${secret}`,
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "prompts/get",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    });
  for (let n = 0; n < 3; n += 1) {
    const response = await disagreeing();
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: -32_020 } }]);
  }
  expect(await codeOf(await app.send(secret, "tools/call", { name: "Echo_say" }))).toBe("owner_offline");
});

test("a persona's own rate holds on top of the person's, which nobody raises above the relay's", async () => {
  const app = await world({ env: { RATE_LIMIT: "3" } });
  await app.browser();
  await updatePersonLimits(app.owner.store.db, app.owner.userId, limits({ requestsPerMinute: 50 }));
  await updatePersonaLimits(app.owner.store.db, app.personaId, limits({ requestsPerMinute: 2 }));
  const { secret } = await app.owner.key(app.personaId);
  const answers = [await app.call(secret), await app.call(secret), await app.call(secret)];
  expect(answers.map(({ text }) => text.includes("rate_limited"))).toEqual([false, false, true]);
  expect((await app.account(secret)).rate).toMatchObject({ limit: 2, remaining: 0 });
  const other = await app.owner.publish();
  const { secret: second } = await app.owner.key(other.personaId);
  const answered = [await app.call(second, "Echo_say", other.slug), await app.call(second, "Echo_say", other.slug)];
  expect(answered.map(({ text }) => text.includes("rate_limited"))).toEqual([false, true]);
});

test("a real client of each era reads why, and goes on with its session", async () => {
  const app = await world({ env: { RATE_LIMIT: "1" } });
  await app.browser();
  const { secret } = await app.owner.key(app.personaId);
  for (const era of ["legacy", "modern"] as const) {
    app.clock.now += 60_000;
    const client = new Client(
      { name: "test", version: "1" },
      { versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" } },
    );
    const requestInit = { headers: { authorization: `Bearer ${secret}` } };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${app.relay.url}/p/${app.slug}/mcp`), { requestInit }),
    );
    open.push(() => client.close());
    expect((await client.callTool({ name: "Echo_say" })).isError).not.toBe(true);
    const refused = await client.callTool({ name: "Echo_say" });
    expect(refused.isError).toBe(true);
    expect(JSON.stringify(refused.content)).toMatch(/Try again in 60 seconds\. \(rate_limited, http/u);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("persona_account_info");
    const account = await client.callTool({ name: "persona_account_info" });
    expect(accountInfoSchema.parse(account.structuredContent).persona).toEqual({
      name: "Release Bot",
      status: "active",
    });
    expect(JSON.stringify(account.content)).toContain("Requests left this minute: 0 of 1.");
  }
});

test("a batch counts each of its calls, all or none", async () => {
  const app = await world({ env: { RATE_LIMIT: "3" } });
  const { secret } = await app.owner.key(app.personaId);
  const headers = { "content-type": "application/json", authorization: `Bearer ${secret}` };
  const url = `${app.relay.url}/p/${app.slug}/mcp`;
  const opened = await fetch(url, {
    method: "POST",
    headers,
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    }),
  });
  await opened.text();
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const batch = (size: number) =>
    fetch(url, {
      method: "POST",
      headers: { ...headers, ...session },
      body: JSON.stringify(
        Array.from({ length: size }, (_, id) => ({
          jsonrpc: "2.0",
          id,
          method: "tools/call",
          params: { name: "none" },
        })),
      ),
    });
  expect((await batch(4)).status).toBe(429);
  expect((await app.account(secret)).rate.remaining).toBe(3);
  const served = await batch(3);
  await served.text();
  expect(served.status).toBe(200);
  expect((await app.account(secret)).rate.remaining).toBe(0);
});

test("checks come in the order of the design: credential, persona, rate, protocol, paused, scope, budget, tunnel", async () => {
  const app = await world({ env: { RATE_LIMIT: "1" } });
  const spent = { calls: 0, cents: null };
  const reader = await app.owner.key(app.personaId, { scopes: ["read"], budget: spent });
  const raw = (secret: string, slug: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${app.relay.url}/p/${slug}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}`, ...headers },
      body: JSON.stringify(body),
    });
  const wrongProtocol = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "Echo_post" } };
  await raw(reader.secret, app.slug, wrongProtocol);
  // The rate is used up, and everything behind it is wrong, too.
  expect(await codeOf(await raw("ap_no", app.slug, wrongProtocol))).toBe("invalid_token");
  expect(await codeOf(await raw(reader.secret, "other-aaaaaa", wrongProtocol))).toBe("persona_not_found");
  expect(await codeOf(await raw(reader.secret, app.slug, wrongProtocol))).toBe("rate_limited");
  const step = async (secret = reader.secret, name = "Echo_post") => {
    app.clock.now += 60_000;
    return codeOf(await app.send(secret, "tools/call", { name }));
  };
  app.clock.now += 60_000;
  expect(await codeOf(await raw(reader.secret, app.slug, wrongProtocol))).toBe("session_missing");
  expect(await step()).toBe("insufficient_scope");
  expect(await step(reader.secret, "Echo_say")).toBe("budget_exceeded");
  expect(await step((await app.owner.key(app.personaId)).secret, "Echo_say")).toBe("owner_offline");
  const paused = await world({ paused: true });
  const narrow = await paused.owner.key(paused.personaId, { scopes: ["read"], budget: spent });
  expect((await paused.call(narrow.secret, "Echo_post")).text).toContain("(persona_paused, ");
});

test("a key's budget of two calls answers the third with when it starts again, and counts what was executed only", async () => {
  const app = await world();
  const { secret } = await app.owner.key(app.personaId, { budget: { calls: 2, cents: null } });
  expect((await app.call(secret)).text).toContain("owner_offline");
  await app.browser();
  expect((await app.call(secret)).text).toContain("done");
  expect((await app.call(secret)).text).toContain("done");
  const third = await app.call(secret);
  expect(third.status).toBe(200);
  expect(third.text).toMatch(
    /budget of this access key is used up \(2 calls\)\. Nothing was executed\. Wait until it starts again on 2026-12-01/u,
  );
  expect((await app.account(secret)).budgets).toEqual([
    { whose: "key", calls: { limit: 2, used: 2, remaining: 0 }, cents: null, warning: true },
  ]);
  expect((await app.call(secret, "persona_account_info")).text).toContain("2 of 2 calls (used up)");
  app.clock.now = Date.parse("2026-12-01T00:00:00Z");
  expect((await app.call(secret)).text).toContain("done");
  expect((await app.account(secret)).budgets[0]?.calls).toEqual({ limit: 2, used: 1, remaining: 1 });
});

test.each([
  ["app_timeout", 1],
  ["outcome_unknown", 1],
  ["result_too_large", 1],
  ["app_unreachable", 0],
  ["app_needs_sign_in", 0],
  ["tool_changed", 0],
  ["too_busy", 0],
] as const)("a call that ends in %s counts %i", async (code, counted) => {
  const app = await world();
  await app.browser(() => ({ kind: "fault", code, detail: {} }));
  const { secret } = await app.owner.key(app.personaId, { budget: { calls: 10, cents: null } });
  expect((await app.call(secret)).text).toContain(`(${code}, `);
  expect((await app.account(secret)).budgets[0]?.calls?.used).toBe(counted);
});

test("a cancelled call counts if the browser had taken it, and not while it waited for one", async () => {
  const app = await world({ env: { OWNER_WAIT_MS: "5000" } });
  const { secret } = await app.owner.key(app.personaId, { budget: { calls: 10, cents: null } });
  const cancelled = async (taken: Promise<unknown>) => {
    const gone = new AbortController();
    const running = app.send(secret, "tools/call", { name: "Echo_say" }, app.slug, gone.signal);
    const ended = running.then((response) => response.text()).catch(() => "gone");
    await taken;
    gone.abort();
    expect(await ended).toBe("gone");
  };
  const used = async () => (await app.account(secret)).budgets[0]?.calls?.used;
  await cancelled(expect.poll(() => app.relay.tunnel.counts().waiting).toBe(1));
  await expect.poll(() => app.relay.tunnel.counts().waiting).toBe(0);
  expect(await used()).toBe(0);
  const socket = await app.browser(() => null);
  await cancelled(new Promise((resolve) => void socket.once("call", () => setTimeout(resolve, 50))));
  await expect.poll(used).toBe(1);
});

test("a passthrough caller learns its own limits, and not whose browser it is", async () => {
  const slot = { slotId: SLOT_ID, appUrl: "https://echo.example/mcp", appName: "Echo", prefix: "Echo" };
  const header = { name: "x-api-key", purpose: "", required: true, value: null };
  const passthrough = { headers: [header], jwt: null, scopes: ["read" as const] };
  const app = await world({ env: { RATE_LIMIT: "7" } });
  await updatePersonLimits(app.owner.store.db, app.owner.userId, limits({ budget: { calls: 1, cents: null } }));
  const { slug, personaId } = await app.owner.publish({
    inbound: { accessKeys: false, interactive: false, passthrough },
    slots: [{ ...slot, usesForwardedHeaders: true }],
  });
  await updatePersonaLimits(app.owner.store.db, personaId, limits({ budget: { calls: 9, cents: null } }));
  const socket = await app.browser();
  const slots = [{ slotId: SLOT_ID, status: "connected" as const }];
  await socket.emitWithAck("changed", { personas: [{ personaId, acceptedVersion: 1, slots }] });
  const response = await fetch(`${app.relay.url}/x/${slug}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": "mine",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "persona_account_info",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "persona_account_info", _meta: MODERN },
    }),
  });
  const text = await response.text();
  expect(text).not.toContain("Ada");
  const body = JSON.parse(text) as { result: { structuredContent: unknown } };
  expect(accountInfoSchema.parse(body.result.structuredContent)).toMatchObject({
    caller: { kind: "passthrough", name: "", person: null },
    scopes: ["read"],
    rate: { limit: 7, remaining: 7 },
    budgets: [{ whose: "persona", calls: { limit: 9 } }],
    apps: [{ name: "Echo", status: null }],
  });
});

test("prices are shown in descriptions and count against budgets: the owner's, else the app's own", async () => {
  const stated = testTool("ask", "read");
  const price = { minCents: 1, maxCents: 2.5, unit: "page", note: "Long texts cost more." };
  const app = await world({
    tools: [
      testTool("say", "read", { price: { minCents: 3, maxCents: 3, unit: "call", note: "" } }),
      { ...stated, definition: { ...stated.definition, _meta: { "agent-personas/price": price } } },
      testTool("free", "read"),
    ],
  });
  await app.browser();
  const { secret } = await app.owner.key(app.personaId, { budget: { calls: null, cents: 6 } });
  const listed: unknown = await (await app.send(secret, "tools/list")).json();
  const { tools } = (listed as { result: { tools: { name: string; description: string }[] } }).result;
  expect(Object.fromEntries(tools.map(({ name, description }) => [name, description]))).toMatchObject({
    Echo_ask: "Does ask\n\nPrice: 1 to 2.5 US cents per page. Long texts cost more.",
    Echo_say: "Does say\n\nPrice: 3 US cents per call.",
    Echo_free: "Does free",
  });
  expect((await app.call(secret)).text).toContain("done");
  expect((await app.call(secret, "Echo_ask")).text).toContain("done");
  expect((await app.account(secret)).budgets[0]).toMatchObject({ cents: { used: 5.5, remaining: 0.5 }, warning: true });
  expect((await app.call(secret, "Echo_ask")).text).toContain("budget_exceeded");
  expect((await app.call(secret, "Echo_free")).text).toContain("done");
});

test("the relay's monthly cap holds for each person, however much they allow themselves", async () => {
  const app = await world({ env: { MONTHLY_CALLS: "1" } });
  await app.browser();
  await updatePersonLimits(app.owner.store.db, app.owner.userId, limits({ budget: { calls: 5, cents: null } }));
  const { secret } = await app.owner.key(app.personaId);
  expect((await app.call(secret)).text).toContain("done");
  expect((await app.call(secret)).text).toMatch(/budget of this person is used up \(1 call\)/u);
});

test("the account answers while the browser is offline and the persona paused, with each app once it is there", async () => {
  const app = await world({ paused: true });
  const { secret } = await app.owner.key(app.personaId, { scopes: ["read"], tools: ["Echo_say"] });
  expect(await app.account(secret)).toMatchObject({
    caller: { kind: "access key", name: "test", person: "Ada" },
    persona: { name: "Release Bot", status: "paused" },
    scopes: ["read"],
    budgets: [],
    budgetsResetAt: "2026-12-01T00:00:00.000Z",
    browser: { online: false, offlineSince: null },
    apps: [{ name: "Echo", status: null }],
  });
  const socket = await app.browser();
  await socket.emitWithAck("changed", {
    personas: [{ personaId: app.personaId, acceptedVersion: 1, slots: [{ slotId: SLOT_ID, status: "needs_sign_in" }] }],
  });
  expect(await app.account(secret)).toMatchObject({
    browser: { online: true, offlineSince: null },
    apps: [{ name: "Echo", status: "needs_sign_in" }],
  });
});

test("bad credentials of one address are answered 429 from a number on; looking for the way in is none", async () => {
  const app = await world();
  const { secret } = await app.owner.key(app.personaId);
  const url = `${app.relay.url}/p/${app.slug}/mcp`;
  const ask = (headers: Record<string, string>) => fetch(url, { method: "POST", headers });
  for (let n = 0; n < 130; n += 1) expect((await ask({})).status).toBe(401);
  for (let n = 0; n < 120; n += 1) expect((await ask({ authorization: "Bearer ap_wrong" })).status).toBe(401);
  const refused = await ask({ authorization: "Bearer ap_wrong" });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("60");
  // Whoever shares the address and has a good one is not shut out by that.
  expect((await app.send(secret, "tools/list")).status).toBe(200);
  app.clock.now += 60_000;
  expect((await ask({ authorization: "Bearer ap_wrong" })).status).toBe(401);
});
