import { limitsOverviewSchema } from "@agent-personas/shared/api/limits";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountInfoSchema } from "../mcp/account-info-schema.ts";
import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { openStore } from "../store/open-store.ts";
import { connectDevice, deliver, type DeviceSocket } from "../test-support/test-device.ts";
import { sendJson, type TestDevice } from "../test-support/paired-device.ts";
import { buildPersona, putPersona } from "../test-support/signed-persona.ts";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

let relay: TestRelay;
let device: TestDevice;
let slug: string;
let personaId: string;
let socket: DeviceSocket | null;
let cancelled: Promise<unknown>;

beforeEach(async () => {
  relay = await startTestRelay({ RATE_LIMIT: "3", OWNER_WAIT_MS: "100" });
  device = await relay.pairFirst();
  const version = await buildPersona(device);
  ({ slug, personaId } = storedPersonaSchema.parse((await putPersona(device, version)).body));
  socket = null;
});
afterEach(async () => {
  socket?.disconnect();
  await relay[Symbol.asyncDispose]();
});

async function key(change: Record<string, unknown> = {}): Promise<string> {
  const form = { name: "CI", expires: "never", scopes: ["read", "write"], tools: null, deviceId: null, ...change };
  const created = await device.send("POST", `/personas/${personaId}/keys`, form);
  return createdKeySchema.parse(created.body).secret;
}

/** A browser that answers each call with what `answer` makes of its parameters; null leaves it unanswered. */
async function browser(answer: (params: Record<string, unknown>) => Outcome | null): Promise<void> {
  const keys = { deviceId: device.deviceId(), publicKey: device.publicKey, privateKey: device.privateKey };
  const connected = await connectDevice(keys, {
    url: relay.relay.url,
    publicUrl: relay.url,
    onCall: (call, from) => {
      const outcome = answer(call.params);
      if (outcome !== null) deliver(from, call, outcome);
      return { accepted: true, needsGo: false };
    },
  });
  cancelled = new Promise((resolve) => {
    connected.once("cancel", resolve);
  });
  socket = connected;
}

const path = (rest: string): string => `/api/v1/personas/${slug}/${rest}`;
const get = (rest: string, secret: string) => sendJson(relay.url, "GET", path(rest), undefined, secret);
const call = (name: string, secret: string, body?: unknown) =>
  sendJson(relay.url, "POST", path(`tools/${name}`), body, secret);
const code = (answer: { body: unknown }) => (answer.body as { error: { code: string } }).error.code;

test("a script lists and calls the tools of its key, and reads the app's result as it is", async () => {
  const result = { content: [{ type: "text", text: "hi" }], structuredContent: { n: 1 }, vendor: [true] };
  const received: Record<string, unknown>[] = [];
  await browser((params) => {
    received.push(params);
    return { kind: "result", result };
  });
  const secret = await key({ scopes: ["read"] });
  const listed = await get("tools", secret);
  expect(listed.status).toBe(200);
  expect((listed.body as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual([
    "Sample_echo",
    "persona_account_info",
    "persona_read_more",
    "persona_wait_for_call",
  ]);
  expect(await call("Sample_echo", secret, { arguments: { a: [1] } })).toMatchObject({ status: 200, body: result });
  expect(await call("Sample_echo", secret)).toMatchObject({ status: 200, body: result });
  expect(received).toEqual([
    { name: "echo", arguments: { a: [1] } },
    { name: "echo", arguments: {} },
  ]);
});

test("faults come with their status, code and next step, in the order of the MCP endpoint", async () => {
  const secret = await key({ scopes: ["read"], budget: { calls: 1, cents: null } });
  expect(await sendJson(relay.url, "GET", path("tools"))).toMatchObject({ status: 401 });
  expect(code(await call("Sample_echo", "ap_no"))).toBe("invalid_token");
  expect(code(await sendJson(relay.url, "GET", "/api/v1/personas/other-aaaaaa/tools", undefined, secret))).toBe(
    "persona_not_found",
  );
  expect(await call("Sample_send", secret)).toMatchObject({
    status: 403,
    body: { error: { code: "insufficient_scope" } },
  });
  expect(await call("Sample_none", secret)).toMatchObject({
    status: 404,
    body: { error: { code: "tool_not_in_persona" } },
  });
  expect(await call("Sample_echo", secret)).toMatchObject({ status: 503, body: { error: { code: "owner_offline" } } });
  const limited = await call("Sample_echo", secret);
  expect(limited).toMatchObject({ status: 429, body: { error: { code: "rate_limited", next: expect.any(String) } } });
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  relay.clock.now += 60_000;
  expect(await call("Sample_echo", secret, { argument: {} })).toMatchObject({ status: 400 });
  expect((await sendJson(relay.url, "GET", `${path("tools")}?key=${secret}`, undefined, secret)).status).toBe(400);
});

test("a budget that is used up is 402, says when it starts again, and holds as it is changed from the next call", async () => {
  await browser(() => ({ kind: "result", result: { content: [] } }));
  const secret = await key({ budget: { calls: 1, cents: null } });
  expect((await call("Sample_echo", secret)).status).toBe(200);
  const refused = await call("Sample_echo", secret);
  expect(refused).toMatchObject({ status: 402, body: { error: { code: "budget_exceeded" } } });
  expect(JSON.stringify(refused.body)).toMatch(/starts again on \d{4}-\d\d-01/u);

  const overview = async () => limitsOverviewSchema.parse((await device.send("GET", "/limits")).body);
  const { keyId } = (await overview()).keys[0] ?? { keyId: "none" };
  await device.send("PATCH", `/keys/${keyId}`, { budget: { calls: 2, cents: null } });
  expect((await call("Sample_echo", secret)).status).toBe(200);
  const usage = { calls: 2, cents: 0 };
  expect(await overview()).toMatchObject({ person: { usage }, personas: [{ usage }], keys: [{ usage }] });
});

test("what was counted is written when the relay stops", async () => {
  await browser(() => ({ kind: "result", result: { content: [] } }));
  const secret = await key();
  expect((await call("Sample_echo", secret)).status).toBe(200);
  await relay.relay.close();
  const store = await openStore(relay.folder);
  const rows = await store.db
    .selectFrom("monthly_usage")
    .select(["subject_id", "calls"])
    .orderBy("subject_id")
    .execute();
  await store.close();
  expect(rows.map(({ subject_id, calls }) => [subject_id.split("_")[0], calls])).toEqual([
    ["key", 1],
    ["persona", 1],
    ["user", 1],
  ]);
});

test("what the app answers as an error is a fault of its own, and one of the browser keeps its code", async () => {
  await browser(({ name }) =>
    name === "echo"
      ? { kind: "error", error: { code: -32_602, message: "text is\nmissing" } }
      : { kind: "fault", code: "too_busy", detail: { retryAfter: "7" } },
  );
  const secret = await key();
  expect(await call("Sample_echo", secret)).toMatchObject({
    status: 502,
    body: { error: { code: "app_error", message: "The app answered with an error: text is missing." } },
  });
  const busy = await call("Sample_send", secret);
  expect(busy).toMatchObject({ status: 503, body: { error: { code: "too_busy" } } });
  expect(busy.headers.get("retry-after")).toBe("7");
});

test("the account is free, by either address, and true", async () => {
  const secret = await key();
  for (let n = 0; n < 5; n += 1) {
    const account = accountInfoSchema.parse((await get("account", secret)).body);
    expect(account).toMatchObject({
      caller: { kind: "access key", name: "CI", person: "Ada" },
      rate: { remaining: 3 },
    });
    const called = (await call("persona_account_info", secret)).body as { structuredContent: unknown };
    expect(called.structuredContent).toEqual(account);
  }
});

test("a script that goes away cancels its call, and the key's last use names it", async () => {
  const secret = await key();
  const gone = new AbortController();
  await browser(() => {
    setTimeout(() => gone.abort(), 20);
    return null;
  });
  const headers = { authorization: `Bearer ${secret}`, "user-agent": "nightly/1.0" };
  const running = fetch(`${relay.url}${path("tools/Sample_echo")}`, { method: "POST", headers, signal: gone.signal });
  await expect(running).rejects.toThrow(/abort/u);
  await cancelled;
  await expect
    .poll(async () => (await device.send("GET", `/personas/${personaId}/keys`)).body, { timeout: 3_000 })
    .toMatchObject({ keys: [{ lastClient: "nightly/1.0" }] });
});

test("a call that goes on is 202 with where its result will be, and asking there waits for it", async () => {
  const asked: Record<string, unknown>[] = [];
  await browser((params) => {
    asked.push(params);
    if (params["handle"] === "done") return { kind: "result", result: { content: [], vendor: 1 } };
    if (params["handle"] === "gone") return { kind: "fault", code: "handle_unknown", detail: {} };
    return { kind: "parked", handle: "long" };
  });
  const secret = await key();
  const begun = await call("Sample_echo", secret);
  expect(begun).toMatchObject({ status: 202, body: { handle: "long" } });
  expect(begun.headers.get("location")).toBe(path("calls/long"));
  expect(await get("calls/long?wait=20", secret)).toMatchObject({ status: 202, body: { handle: "long" } });
  expect(await get("calls/done", secret)).toMatchObject({ status: 200, body: { vendor: 1 } });
  relay.clock.now += 60_000;
  expect(await get("calls/gone", secret)).toMatchObject({ status: 404, body: { error: { code: "handle_unknown" } } });
  expect(asked.slice(1)).toEqual([
    { handle: "long", timeoutSeconds: 20 },
    { handle: "done", timeoutSeconds: 0 },
    { handle: "gone", timeoutSeconds: 0 },
  ]);
  for (const wrong of ["calls/long?wait=46", "calls/long?wait=-1", "calls/long?later=1"]) {
    expect((await get(wrong, secret)).status).toBe(400);
  }
  expect(await get("account?tool=Sample_none", secret)).toMatchObject({
    body: { tool: { reason: "not_selected", callable: false } },
  });
});

test("scripts search, and call what they found, as clients do", async () => {
  await browser(({ name }) => ({ kind: "result", result: { content: [], called: name } }));
  const version = await buildPersona(device, { personaId, version: 2, search: { favourites: [] } });
  await putPersona(device, version);
  const secret = await key();
  expect(await call("persona_find_tools", secret, { arguments: { query: "Sample_send" } })).toMatchObject({
    status: 200,
    body: { structuredContent: { tools: [{ name: "Sample_send" }, { name: "Sample_echo" }] } },
  });
  const wrapped = { arguments: { name: "Sample_send", arguments: {} } };
  expect(await call("persona_call_tool", secret, wrapped)).toMatchObject({ status: 200, body: { called: "send" } });
  expect(await call("persona_call_tool", secret, {})).toMatchObject({
    status: 400,
    body: { error: { code: "invalid_request" } },
  });
});
