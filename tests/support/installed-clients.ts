import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PNPM } from "../../relay/cli/bootstrap/install-packages.mjs";
import { runCommand } from "../../relay/cli/bootstrap/run-command.mjs";
import { NODE, ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { descendants, isAlive } from "./processes.ts";

const CLIENTS = join(ROOT, "tests", "clients");
const PACKAGES = join(CLIENTS, "node_modules");
/** What a test allows for it, since they may have to be downloaded first. */
export const INSTALL_MS = 300_000;
const RUN_MS = 60_000;

/** Programs in JavaScript, to be run with Node. */
export const INSPECTOR = join(PACKAGES, "@modelcontextprotocol/inspector/clients/launcher/build/index.js");
export const MCP_REMOTE = join(PACKAGES, "mcp-remote/dist/proxy.js");
export const CONFORMANCE = join(PACKAGES, "@modelcontextprotocol/conformance/dist/index.js");
/** The suite of 2025, which the later one no longer runs as it was. */
export const CONFORMANCE_2025 = join(PACKAGES, "conformance-2025/dist/index.js");
export const CODEX = join(PACKAGES, "@openai/codex/bin/codex.js");
/** A program of the machine; its package calls it so everywhere. */
export const OPENCODE = join(PACKAGES, "opencode-ai/bin/opencode.exe");

/** Once; the lockfile pins them. */
export async function installClients(): Promise<void> {
  const manifest: unknown = JSON.parse(readFileSync(join(CLIENTS, "package.json"), "utf8"));
  const { dependencies } = z.object({ dependencies: z.record(z.string(), z.string()) }).parse(manifest);
  if (Object.keys(dependencies).every((name) => existsSync(join(PACKAGES, name)))) return;
  const [command, args] = PNPM;
  const install = [...args, "install", "--frozen-lockfile", "--reporter=append-only"];
  const code = await runCommand(command, install, { cwd: CLIENTS, timeoutMs: INSTALL_MS });
  if (code !== 0) throw new Error("The clients in tests/clients could not be installed.");
}

export type ClientProcess = {
  /** What it printed, errors included, while it runs. */
  printed: () => string;
  /** Its standard output once it has ended well; rejects with everything it printed when it ended badly. */
  ended: Promise<string>;
};

/** Ended when disposed, so that a failed test leaves no program that holds its callback port. */
export type RunningClient = ClientProcess & AsyncDisposable;

/** Starts an installed client: a JavaScript file with Node, anything else by itself. It is ended after a minute unless told. */
export async function startClient(
  [program = "", ...args]: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; timeoutMs?: number } = {},
): Promise<RunningClient> {
  await installClients();
  const [command, all] = program.endsWith(".js") ? [NODE, [program, ...args]] : [program, args];
  const child = spawn(command, all, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs ?? RUN_MS,
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => void (printed.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (printed.stderr += chunk.toString()));
  const everything = (): string => `${printed.stdout}${printed.stderr}`;
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed.stdout);
      else reject(new Error(`The client ended with ${code}: ${everything()}`));
    });
  });
  // Whoever waits for it hears it; before that nobody may be listening yet.
  ended.catch(() => undefined);
  return {
    printed: everything,
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      // Some start the real program below themselves.
      const below = descendants(child.pid).filter(isAlive);
      for (const { pid } of below) process.kill(pid, "SIGKILL");
      child.kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

export const runClient = async (
  args: readonly string[],
  options?: { env?: Record<string, string>; cwd?: string },
): Promise<string> => {
  await using running = await startClient(args, options);
  return await running.ended;
};
