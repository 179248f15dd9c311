import { expect, test } from "vitest";
import type { Vault } from "../vault/vault.ts";
import type { DownstreamCall } from "./downstream.ts";
import { startAppServer } from "./test-support/app-server.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

const call = (connectionId: string, more: Partial<DownstreamCall> = {}): DownstreamCall => ({
  connectionId,
  callerKey: "caller",
  forwardedHeaders: { "x-notes-token": "brought-along" },
  params: { name: "echo", arguments: { text: "hi" } },
  signal: new AbortController().signal,
  deadline: AbortSignal.timeout(10_000),
  method: "tools/call" as const,
  capabilities: {},
  logLevel: null,
  ...more,
});

/** Every way to a stored secret ends the test's call. */
function sealed(vault: Vault): { reads: string[]; restore: () => void } {
  const reads: string[] = [];
  const read = vault.read.bind(vault);
  vault.read = (id) => {
    reads.push(id);
    return Promise.reject(new Error("sealed"));
  };
  return { reads, restore: () => void (vault.read = read) };
}

test("a forwarded call carries the caller's headers, and nothing stored is read or sent", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "headers");
  await apps.gateway.setHeaders(connectionId, { authorization: "Bearer stored-canary", "x-stored": "stored-canary" });
  const { reads } = sealed(apps.vault);
  expect(await apps.downstream.call(call(connectionId))).toMatchObject({ kind: "result" });
  expect(reads).toEqual([]);
  expect(app.requests.length).toBeGreaterThan(0);
  for (const { headers } of app.requests) {
    expect(headers.get("x-notes-token")).toBe("brought-along");
    expect(headers.has("authorization")).toBe(false);
    expect(JSON.stringify([...headers])).not.toContain("canary");
  }
});

test("an app with OAuth gets the caller's own token, and the stored one is not used when it refuses", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  await apps.gateway.connect(connectionId);
  const stored = app.requests.at(-1)?.headers.get("authorization") ?? "";
  expect(stored).toContain("Bearer at-");
  app.requests.length = 0;
  const { reads, restore } = sealed(apps.vault);
  const foreign = { authorization: "Bearer foreign" };
  expect(await apps.downstream.call(call(connectionId, { forwardedHeaders: foreign }))).toEqual({
    kind: "fault",
    code: "app_refused_caller",
    detail: { app: "Fake App" },
  });
  expect(reads).toEqual([]);
  expect(authorization.counts.refreshes).toBe(0);
  expect(new Set(app.requests.map(({ headers }) => headers.get("authorization")))).toEqual(new Set(["Bearer foreign"]));
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "connected", problem: null });
  restore();
  expect(await apps.downstream.call(call(connectionId, { forwardedHeaders: null }))).toMatchObject({ kind: "result" });
});

test("access denied to the caller is the caller's fault too", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  app.guard = () => new Response("no", { status: 403 });
  expect(await apps.downstream.call(call(connectionId))).toMatchObject({ code: "app_refused_caller" });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "not_connected" });
});

test("strangers do not change what is known of a connection", async () => {
  await using apps = await setUpApps();
  const app = await startAppServer();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(call(connectionId))).toMatchObject({ kind: "result" });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "not_connected" });
  await app[Symbol.asyncDispose]();
  expect(await apps.downstream.call(call(connectionId, { callerKey: "late" }))).toMatchObject({
    code: "app_unreachable",
  });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ status: "not_connected", problem: null });
});

test("a session at the app is never shared between different headers, nor with the person's own calls", async () => {
  await using app = await startAppServer({ era: "legacy" });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const variants = [{ "x-token": "a" }, { "x-token": "b" }, { "x-token": "a" }, {}, null];
  for (const forwardedHeaders of variants) await apps.downstream.call(call(connectionId, { forwardedHeaders }));
  const calls = app.requests.filter(({ body }) => body.includes("tools/call"));
  const ids = calls.map(({ headers }) => headers.get("mcp-session-id"));
  expect(ids[2]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(4);
  expect(calls.map(({ headers }) => headers.get("x-token"))).toEqual(["a", "b", "a", null, null]);
  await apps.downstream.close(connectionId);
  expect(app.sessions.size).toBe(0);
});

test("callers with many headers cannot push out the person's session", async () => {
  await using app = await startAppServer({ era: "legacy" });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  const own = call(connectionId, { forwardedHeaders: null });
  await apps.downstream.call(own);
  for (let n = 0; n < 10; n += 1)
    await apps.downstream.call(call(connectionId, { forwardedHeaders: { "x-n": `${n}` } }));
  await apps.downstream.call(own);
  const withoutHeader = app.requests.filter(({ body, headers }) => body.includes("tools/call") && !headers.has("x-n"));
  const ids = withoutHeader.map(({ headers }) => headers.get("mcp-session-id"));
  expect(new Set(ids).size).toBe(1);
});
