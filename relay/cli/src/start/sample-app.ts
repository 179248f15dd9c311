import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { StartError } from "@agent-personas/relay/start-error";

export type SampleApp = { url: string; port: number; ended: Promise<string> } & AsyncDisposable;

const READY_MS = 20_000;
const STOP_MS = 3_000;

/** Starts the bundled sample MCP server on the loopback interface, on its last port if that is free. */
export async function startSampleApp(lastPort: number | null, signal: AbortSignal): Promise<SampleApp> {
  const port = await freePort([lastPort]);
  const manifest = createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/package.json");
  const preload = new URL("listen-on-loopback.mjs", import.meta.url).href;
  const program = join(dirname(manifest), "dist", "index.js");
  const child = spawn(process.execPath, ["--import", preload, program, "streamableHttp"], {
    // One of its tools shows its environment to whoever calls it, so it gets nothing of ours.
    env: { PORT: String(port) },
    // It logs every request, and nobody reads that.
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const sample: SampleApp = {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    ended: exited.then(() => "The sample MCP server has ended."),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await exited;
      clearTimeout(killer);
    },
  };
  try {
    await Promise.race([answering(sample.url, signal), sample.ended.then(failed)]);
  } catch (error) {
    await sample[Symbol.asyncDispose]();
    throw error;
  }
  return sample;
}

const failed = (text: string): never => {
  throw new StartError(text);
};

async function answering(url: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + READY_MS;
  while (Date.now() < until) {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(1_000)]) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer !== null) return;
    await delay(50, undefined, { signal });
  }
  throw new StartError("The sample MCP server did not start within 20 seconds.");
}
