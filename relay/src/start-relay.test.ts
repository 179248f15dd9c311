import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { StartError } from "./start-error.ts";
import { startRelay } from "./start-relay.ts";
import { collect } from "./test-support/whole-relay.ts";

const SERVER = fileURLToPath(new URL("server.ts", import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relay-start-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The relay as its own process, with nothing of this one's environment. */
function run(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [SERVER, ...args], { env: { DATA_DIR: folder, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  return { child, stdout: () => stdout, stderr: () => stderr };
}

test("a taken port is one sentence on stderr and exit code 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { child, stderr, stdout } = run({ PORT: String(port) });
  const [code] = await once(child, "close");
  other.close();
  expect(code).toBe(1);
  expect(stderr()).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set PORT to another one.\n`);
  expect(stdout()).toBe("");
});

test("a setting that cannot be used is named, with exit code 1", async () => {
  const { child, stderr } = run({ PORT: "many" });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  expect(stderr()).toMatch(/^The relay's settings are not valid\. PORT: [^\n]*\n$/u);
});

test("the process prints the pairing link once, and stops with code 0 when it is told to", async () => {
  const seen: boolean[] = [];
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const { child, stdout, stderr } = run({ PORT: "0" });
    await expect.poll(stdout, { timeout: 10_000 }).toContain("The relay is ready at http://localhost:");
    seen.push(/Pairing link[^\n]*: http:[^\n]+\/pair#[a-z2-7-]{31}\n/u.test(stdout()));
    expect(stderr()).not.toMatch(/[a-z2-7]{5}(?:-[a-z2-7]{5}){4}/u);
    child.kill(signal);
    const [code] = await once(child, "close");
    expect(code).toBe(0);
  }
  expect(seen).toEqual([true, false]);
}, 20_000);

test("a relay that cannot start leaves the port free", async () => {
  const settings = readConfig({ PORT: "0", DATA_DIR: folder });
  const first = await startRelay(settings, { log: collect([]) });
  const port = Number(new URL(first.url).port);
  const taken = startRelay({ ...settings, port, publicUrl: first.publicUrl }, { log: collect([]) });
  await expect(taken).rejects.toBeInstanceOf(StartError);
  await first.close();
  const unusable = readConfig({ PORT: String(port), DATA_DIR: "/dev/null/data" });
  await expect(startRelay(unusable, { log: collect([]) })).rejects.toThrow(/^The data folder .*DATA_DIR/u);
  const again = await startRelay(readConfig({ PORT: String(port), DATA_DIR: folder }), { log: collect([]) });
  await again.close();
});

test("a second relay on the same data folder does not start, and the next one does", async () => {
  const settings = readConfig({ PORT: "0", DATA_DIR: folder });
  const first = await startRelay(settings, { log: collect([]) });
  const { child, stderr } = run({ PORT: "0" });
  const [code] = await once(child, "close");
  expect([code, stderr()]).toEqual([
    1,
    `Another relay uses the data folder ${folder}. Stop it, or set DATA_DIR to another one.\n`,
  ]);
  await first.close();
  await (await startRelay(settings, { log: collect([]) })).close();
});

test("closing finishes the requests in hand, refuses new ones and can be asked for twice", async () => {
  const relay = await startRelay(readConfig({ PORT: "0", DATA_DIR: folder }), { log: collect([]) });
  const { port } = new URL(relay.url);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  void writer.write(new TextEncoder().encode("{"));
  const slow = fetch(`http://localhost:${port}/api/v1/devices`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: readable,
    duplex: "half",
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closing = Promise.all([relay.close(), relay.close()]);
  const refused = await fetch(`http://localhost:${port}/api/v1/relay`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: "shutting_down" } });
  expect(await (await fetch(`http://localhost:${port}/readyz`)).json()).toEqual({ status: "stopping" });
  await writer.write(new TextEncoder().encode("}"));
  await writer.close();
  expect((await slow).status).toBe(400);
  await closing;
  await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow("fetch failed");
});

test("answers what comes while it starts: clients of a relay that was restarted are back before it is ready", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  probe.close();
  const { child } = run({ PORT: String(port) });
  const ask = (): Promise<Response | null> =>
    fetch(`http://127.0.0.1:${port}/api/v1/relay`, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
  let answer: Response | null = null;
  for (const end = Date.now() + 15_000; answer === null && Date.now() < end;) answer = await ask();
  expect(answer?.status).toBe(200);
  child.kill();
  await once(child, "close");
}, 30_000);
