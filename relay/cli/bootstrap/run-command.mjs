import { spawn } from "node:child_process";
import { ROOT, SetUpError } from "./workspace.mjs";

/**
 * Runs a command to its end, with its output on standard error.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs: number, stdout?: "stderr" | "inherit" }} options
 * @returns {Promise<number>} the exit code
 */
export function runCommand(command, args, { cwd = ROOT, env = process.env, timeoutMs, stdout = "stderr" }) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === "win32";
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: ["ignore", stdout === "inherit" ? "inherit" : 2, "inherit"],
    });
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => child.kill(signal);
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
    child.once("exit", (code, signal) => {
      settle();
      if (signal === "SIGINT" || signal === "SIGTERM") process.exit(130);
      resolve(code ?? 1);
    });
  });
}
