import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { NODE, ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { connectV2, type Endpoint } from "../support/clients.ts";
import { startNodeProduct, type NodeProduct } from "../support/node-product.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { descendants, isAlive, type Process } from "../support/processes.ts";
import { connectApp, deploy, keyFor, waitFor } from "../support/product.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const linkSchema = z.object({ linkId: z.string(), link: z.string() });
const devicesSchema = z.object({ devices: z.array(z.object({ deviceId: z.string(), name: z.string() })) });

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

/** `agent-personas device` as a server runs it. */
function startDevice(flags: readonly string[]) {
  const child = spawn(NODE, [join(ROOT, "relay/cli/src/main.ts"), "device", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => void (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const says = (where: keyof typeof output, text: string): Promise<void> =>
    waitFor(text, () => Promise.resolve(output[where].includes(text)), 60_000).catch((error: unknown) => {
      throw new Error(`It said: ${output.stderr}`, { cause: error });
    });
  return { child, output, ended, says, processes: () => descendants(child.pid ?? 0) };
}

async function confirm({ device }: NodeProduct, linkId: string): Promise<void> {
  const state = z.object({ fingerprint: z.string() }).parse(await device.command("relay.link-state", { linkId }));
  await device.command("relay.decide-link", { linkId, approve: true, fingerprint: state.fingerprint });
}

async function echo(endpoint: Endpoint): Promise<unknown> {
  await using session = await connectV2(endpoint);
  const result = await session.client.callTool({ name: "echo", arguments: { message: "hello" } });
  return z.array(z.object({ text: z.string() })).parse(result.content)[0]?.text;
}

function browserOf(processes: readonly Process[]): number {
  const browser = processes.find(
    ({ command }) => command.includes("--remote-debugging-pipe") && !command.includes("--type="),
  );
  if (browser === undefined) throw new Error("There is no browser.");
  return browser.pid;
}

test("a key that names an always-on device is served by it alone, which comes back when its browser dies", async () => {
  await using data = await temporaryFolder();
  await using app = await startPlainApp();
  await using product = await startNodeProduct({ env: { OWNER_WAIT_MS: "300" } });
  const persona = await deploy(product.device, product.relay, await connectApp(product.device, app.url, "App"), {
    prefixing: false,
  });

  const { linkId, link } = linkSchema.parse(await product.device.command("relay.create-link", {}));
  const started = startDevice(["--pair", link, "--name", "Nightly", "--app", app.url, "--data", data.path]);
  await started.says("stderr", "Confirm in Test browser");
  await confirm(product, linkId);
  await started.says("stdout", '"device":"Nightly"');
  expect(started.output.stdout).toBe(`{"device":"Nightly","relay":"${product.relay.url}"}\n`);

  const { devices } = devicesSchema.parse(await product.device.command("devices.list", {}));
  const deviceId = devices.find(({ name }) => name === "Nightly")?.deviceId ?? "";
  const nightly = await keyFor(product.device, persona, { deviceId });
  const anywhere = await keyFor(product.device, persona);
  await waitFor("its answer", async () => (await echo(nightly)) === "hello", 30_000);

  // Without its browser nobody else answers for it, though another browser is there for everybody else.
  process.kill(browserOf(started.processes()), "SIGKILL");
  await started.says("stderr", "Starting again");
  expect(await echo(nightly)).toContain("owner_offline");
  expect(await echo(anywhere)).toBe("hello");
  await waitFor("its return", async () => (await echo(nightly)) === "hello", 60_000);
  expect(started.output.stderr).toContain("The browser was closed. Starting again in 1 s.");

  const processes = started.processes();
  expect(processes.length).toBeGreaterThan(1);
  started.child.kill("SIGTERM");
  expect(await started.ended).toBe(0);
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test("a device that is not paired says so and ends", async () => {
  await using data = await temporaryFolder();
  const started = startDevice(["--data", data.path]);
  expect(await started.ended).toBe(1);
  expect(started.output.stderr).toContain("This device is not paired. Start it once with --pair and a link.");
  expect(started.output.stdout).toBe("");
});
