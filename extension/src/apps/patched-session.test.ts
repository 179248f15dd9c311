import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { PACKAGE_ALIASES, patchPackages } from "../../build/patch-packages.ts";
import type { openSession, Session } from "./open-session.ts";
import { serve } from "./test-support/serve.ts";

const builtSchema = z.object({ openSession: z.custom<typeof openSession>((value) => typeof value === "function") });
let open: typeof openSession;

let outDir: string;

/** As the bundle has it: without most of the SDK's own judgement of messages. */
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "patched-session-"));
  await build({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "error",
    plugins: [patchPackages()],
    resolve: { conditions: ["workerd", "browser", "module", "import", "default"], alias: PACKAGE_ALIASES },
    build: {
      outDir,
      minify: false,
      lib: { entry: "src/apps/open-session.ts", formats: ["es"], fileName: () => "session.mjs" },
    },
  });
  const module: unknown = await import(pathToFileURL(join(outDir, "session.mjs")).href);
  open = builtSchema.parse(module).openSession;
}, 60_000);
afterAll(async () => rm(outDir, { recursive: true, force: true }));

const requestSchema = z.looseObject({ id: z.unknown().optional(), method: z.string().optional() });

/** Calls a tool of an app that sends `frames` before it answers; `answered` is what it was told without having asked. */
async function callAt(frames: (id: unknown) => unknown[]) {
  const answered: unknown[] = [];
  await using app = await serve(async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = requestSchema.parse(await request.json());
    if (method === undefined) answered.push(id);
    if (id === undefined || method === undefined) return new Response(null, { status: 202 });
    if (method === "server/discover") {
      return Response.json({ jsonrpc: "2.0", id, error: { code: -32_601, message: "unknown" } });
    }
    if (method === "initialize") {
      const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "app", version: "1" } };
      return Response.json({ jsonrpc: "2.0", id, result });
    }
    const events = frames(id).map((frame) => `data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`);
    return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
  });
  const session: Session = await open({ appUrl: `${app.origin}/mcp`, fetch, version: "1", timeoutMs: 5_000 });
  const call = session.callTool({ name: "tool" }, null, {
    signal: AbortSignal.timeout(5_000),
    onProgress: () => undefined,
  });
  const outcome = await call.catch((error: unknown) => (error instanceof Error ? error.name : "?"));
  await session.close();
  return { outcome, answered };
}

const done = (id: unknown) => ({ jsonrpc: "2.0", id, result: { content: [] } });
const DONE = { kind: "result", result: { content: [] } };

test("notifications and answers that are nothing of the protocol change nothing, and nothing is left unhandled", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const { outcome } = await callAt((id) => [
    ...["cancelled", "progress", "message", "tools/list_changed", "subscriptions/acknowledged"].flatMap((name) => [
      { jsonrpc: "2.0", method: `notifications/${name}` },
      { jsonrpc: "2.0", method: `notifications/${name}`, params: { requestId: {}, progressToken: id, _meta: {} } },
    ]),
    { jsonrpc: "2.0", id: "unasked", result: {} },
    { jsonrpc: "2.0", id: null, error: { code: 1, message: "x" } },
    { jsonrpc: "2.0", id, result: [1] },
    done(id),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect(outcome).toEqual(DONE);
  expect(unhandled).toEqual([]);
});

test("an app gets nothing but refusals for what it asks of the browser", async () => {
  const methods = ["sampling/createMessage", "elicitation/create", "roots/list", "__proto__", "constructor"];
  const { outcome, answered } = await callAt((id) => [
    ...methods.map((method) => ({ jsonrpc: "2.0", id: method, method, params: { messages: 1 } })),
    done(id),
  ]);
  expect(outcome).toEqual(DONE);
  expect(answered.length).toBeLessThanOrEqual(methods.length);
});

test("an answer cannot reach what all objects share", async () => {
  const { outcome } = await callAt((id) => [
    `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"__proto__":{"polluted":1},"content":[]}}`,
  ]);
  expect(outcome).toEqual(DONE);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test.each([null, [1], "text"])("a result that is %j is no answer", async (result) => {
  expect((await callAt((id) => [{ jsonrpc: "2.0", id, result }])).outcome).toBe("StreamEndedError");
});
