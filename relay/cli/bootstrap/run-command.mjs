import { spawn } from "node:child_process";
import { ROOT, SetUpError } from "./workspace.mjs";

/**
 * Runs a command to its end. Its output goes to standard error: as it comes, or with `quiet` only when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs: number, stdout?: "inherit", quiet?: boolean }} options
 * @returns {Promise<number>} the exit code
 */
export function runCommand(command, args, { cwd = ROOT, env = process.env, timeoutMs, stdout, quiet = false }) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === "win32";
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", stdout === "inherit" ? "inherit" : 2, "inherit"],
    });
    /** @type {Buffer[]} */
    const kept = [];
    child.stdout?.on("data", (chunk) => kept.push(chunk));
    child.stderr?.on("data", (chunk) => kept.push(chunk));
    let stopped = false;
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      stopped = true;
      child.kill(signal);
    };
    process.on("SIGINT", pass);
    process.on("SIGTERM", pass);
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      process.off("SIGINT", pass);
      process.off("SIGTERM", pass);
    };
    child.once("error", (error) => {
      settle();
      reject(new SetUpError(`${command} cannot be run: ${error.message}`));
    });
    child.once("close", (code) => {
      settle();
      if (code !== 0) process.stderr.write(Buffer.concat(kept));
      // Whoever stops us means all of it, also when the command made an ordinary exit of the signal.
      if (stopped) process.exit(130);
      resolve(code ?? 1);
    });
  });
}
