import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const PATIENT = `process.on("SIGTERM", () => process.exit(0)); process.stdout.write("up"); setInterval(() => {}, 1_000);`;

test("being told to stop ends the whole run, also when the command takes it for an ordinary end", async () => {
  const script = `
    import { runCommand } from ${JSON.stringify(new URL("run-command.mjs", import.meta.url).href)};
    await runCommand(process.execPath, ["-e", ${JSON.stringify(PATIENT)}], { timeoutMs: 20_000, stdout: "inherit" });
    process.stdout.write("went on");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  await expect.poll(() => said, { timeout: 10_000 }).toBe("up");
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(said).toBe("up");
}, 20_000);
