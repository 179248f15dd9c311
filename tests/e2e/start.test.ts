import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { connectV2 } from "../support/clients.ts";
import { startOAuthApp } from "../support/oauth-app.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { descendants, isAlive, type Process } from "../support/processes.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const readySchema = z.strictObject({
  endpoint: z.url(),
  keyEndpoint: z.url(),
  accessKey: z.string().startsWith("ap_"),
  relay: z.url(),
  console: z.url(),
});

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

test("prints one line of JSON, serves calls by its key, and leaves nothing running", async () => {
  await using data = await temporaryFolder();
  const port = await freePort();
  const first = npmStart(["--headless", "--json", "--port", String(port), "--data", data.path]);
  const ready = readySchema.parse(JSON.parse(await first.line()));
  expect(ready.relay).toContain(`:${port}`);
  expect(await echo(ready, "Everything_echo")).toEqual([{ type: "text", text: "Echo: hello" }]);
  const refused = await fetch(ready.endpoint, { method: "POST", body: "{}" });
  expect(refused.headers.get("www-authenticate")).toContain("resource_metadata=");
  const processes = descendants(first.child.pid ?? 0);
  expect(processes.length).toBeGreaterThan(3);
  expect(await first.stop("SIGTERM")).toMatchObject({ code: 0, lines: 1 });
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);

  // The data folder stays: the same persona at the same address, a fresh key, and the old one goes on working.
  const second = npmStart(["--headless", "--json", "--data", data.path]);
  const again = readySchema.parse(JSON.parse(await second.line()));
  expect({ ...again, accessKey: "" }).toEqual({ ...ready, accessKey: "" });
  expect(again.accessKey).not.toBe(ready.accessKey);
  expect(await echo(again, "Everything_echo")).toEqual([{ type: "text", text: "Echo: hello" }]);
  expect(await echo(ready, "Everything_echo")).toEqual([{ type: "text", text: "Echo: hello" }]);

  const taken = npmStart(["--headless", "--json", "--port", String(port), "--data", `${data.path}/other`]);
  expect(await taken.ended()).toMatchObject({
    code: 1,
    lines: 0,
    said: expect.stringContaining(`Port ${port} is in use.`),
  });
  expect(await second.stop("SIGINT")).toMatchObject({ code: 0, lines: 1 });

  const moved = npmStart(["--headless", "--json", "--data", data.path, "--port", String(await freePort())]);
  const elsewhere = readySchema.parse(JSON.parse(await moved.line()));
  expect(elsewhere.relay).not.toBe(ready.relay);
  expect(new URL(elsewhere.endpoint).pathname).toBe(new URL(ready.endpoint).pathname);
  expect(await echo(elsewhere, "Everything_echo")).toEqual([{ type: "text", text: "Echo: hello" }]);
  await moved.stop("SIGTERM");
});

test("connects a server of the person's own, without prefix and under a name", async () => {
  await using data = await temporaryFolder();
  await using app = await startPlainApp();
  const flags = ["--app", app.url, "--no-prefix", "--name", "My Tools", "--data", data.path];
  const start = npmStart(["--headless", "--json", ...flags]);
  const ready = readySchema.parse(JSON.parse(await start.line()));
  expect(new URL(ready.endpoint).pathname).toMatch(/^\/p\/my-tools-[a-z2-7]{6}\/mcp$/u);
  expect(await echo(ready, "echo")).toEqual([{ type: "text", text: "hello" }]);
  await using session = await connectV2({ url: ready.keyEndpoint, accessKey: ready.accessKey });
  const { tools } = await session.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["add", "delete-thing", "slow"]));
  await session.client.callTool({ name: "delete-thing", arguments: { id: "7" } });
  expect(app.executions.finished.get("delete-thing")).toBe(1);

  // A call that would take minutes does not keep it from stopping.
  const open = session.client.callTool({ name: "slow", arguments: { steps: 1_000, stepMs: 1_000 } });
  const cut = open.catch((error: unknown) => error);
  await expect.poll(() => app.executions.begun.get("slow"), { timeout: 10_000 }).toBe(1);
  const begun = performance.now();
  expect(await start.stop("SIGTERM")).toMatchObject({ code: 0 });
  expect(performance.now() - begun).toBeLessThan(12_000);
  expect(await cut).toBeInstanceOf(Error);
});

test("the printed line is a shell command that works", async () => {
  await using data = await temporaryFolder();
  const start = npmStart(["--headless", "--data", data.path, "--port", String(await freePort())]);
  const line = await start.line(/^curl /u);
  const answer: unknown = JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" }));
  expect(answer).toMatchObject({
    id: 1,
    result: { tools: expect.arrayContaining([expect.objectContaining({ name: "Everything_echo" })]) },
  });
  await start.stop("SIGTERM");
});

test("says in one sentence why it cannot start, and leaves nothing running", async () => {
  await using data = await temporaryFolder();
  await using guarded = await startOAuthApp();
  const nobody = `http://127.0.0.1:${await freePort()}/mcp`;
  const cases = [
    { flags: ["--app", nobody], says: "does not answer" },
    { flags: ["--app", guarded.url], says: "needs a sign-in" },
    { flags: ["--colour"], says: "--colour" },
    { flags: ["--port", "70000"], says: "--port takes a number" },
    { flags: [], env: { CHROME_PATH: "/nowhere/chrome" }, says: "CHROME_PATH names /nowhere/chrome" },
  ];
  for (const { flags, env, says } of cases) {
    const start = npmStart(["--headless", "--json", ...flags, "--data", data.path], env);
    const { code, lines, said } = await start.ended();
    expect({ code, lines, says: said.includes(says) ? says : said }).toEqual({ code: 1, lines: 0, says });
    expect(
      said
        .trim()
        .split("\n")
        .filter((text) => text.includes("    at ")),
    ).toEqual([]);
  }
});

test("stops while it is still starting, and with the browser", async () => {
  await using data = await temporaryFolder();
  const early = npmStart(["--headless", "--json", "--data", data.path, "--port", String(await freePort())]);
  await early.says("Opening the browser");
  const processes = descendants(early.child.pid ?? 0);
  await early.stop("SIGTERM");
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);

  const start = npmStart(["--headless", "--json", "--data", data.path]);
  await start.line();
  const all = descendants(start.child.pid ?? 0);
  process.kill(browserOf(all), "SIGKILL");
  expect(await start.ended()).toMatchObject({ code: 1, said: expect.stringContaining("The browser was closed.") });
  await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

async function echo(ready: { keyEndpoint: string; accessKey: string }, name: string): Promise<unknown> {
  await using session = await connectV2({ url: ready.keyEndpoint, accessKey: ready.accessKey });
  return (await session.client.callTool({ name, arguments: { message: "hello" } })).content;
}

/** `npm start` as a person runs it, from another folder. */
function npmStart(flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn("npm", ["--prefix", ROOT, "start", "--", ...flags], {
    cwd: "/",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => void (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (output.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const lines = () => output.stdout.split("\n").filter((line) => line !== "");
  const ended = async () => ({ code: await exited, lines: lines().length, said: output.stderr });
  const appear = async (find: () => string | undefined): Promise<string> => {
    const until = Date.now() + 90_000;
    while (child.exitCode === null && find() === undefined && Date.now() < until) await delay(50);
    const found = find();
    if (found === undefined) throw new Error(`npm start ended: ${output.stderr}`);
    return found;
  };
  return {
    child,
    ended,
    line: (pattern = /^\{/u) => appear(() => lines().find((line) => pattern.test(line))),
    says: (text: string) => appear(() => (output.stderr.includes(text) ? text : undefined)),
    stop: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function browserOf(processes: readonly Process[]): number {
  const browser = processes.find(
    ({ command }) => command.includes("--remote-debugging-pipe") && !command.includes("--type="),
  );
  if (browser === undefined) throw new Error("There is no browser.");
  return browser.pid;
}
