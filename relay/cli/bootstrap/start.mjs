import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildExtension } from "./build-extension.mjs";
import { ensureBrowser } from "./find-browser.mjs";
import { installPackages } from "./install-packages.mjs";
import { NODE, ROOT, SetUpError, say } from "./workspace.mjs";

try {
  await installPackages("start");
  await ensureBrowser();
  await buildExtension();
  process.exitCode = await handOver();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/**
 * Runs the product under Node 24 until it ends. It is stopped with us: by the signal we get, and, when we are
 * killed or whoever started us is gone, by the closing of the channel between us.
 * @returns {Promise<number>}
 */
function handOver() {
  return new Promise((resolve, reject) => {
    const main = join(ROOT, "relay", "cli", "src", "main.ts");
    const child = spawn(NODE, [main, "start", ...process.argv.slice(2)], {
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      shell: process.platform === "win32",
    });
    const stop = () => void child.kill("SIGTERM");
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    process.on("SIGHUP", stop);
    const parent = process.ppid;
    const orphanCheck = setInterval(() => process.ppid === parent || stop(), 250);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearInterval(orphanCheck);
      resolve(code ?? 1);
    });
  });
}
