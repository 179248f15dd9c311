import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { measureSessions } from "../long/measure-sessions.ts";
import { benchBrowser } from "./bench-browser.ts";
import { benchCall } from "./bench-call.ts";
import { benchDevices } from "./bench-devices.ts";
import { benchList } from "./bench-list.ts";
import { benchWake } from "./bench-wake.ts";
import { describeMachine } from "./describe-machine.ts";

const FOLDER = join(ROOT, "tests", "artefacts", "bench");

const BENCHES = new Map<string, () => Promise<unknown>>([
  ["call", benchCall],
  ["list", benchList],
  ["sessions", async () => [await measureSessions(1_000), await measureSessions(10_000)]],
  ["devices", benchDevices],
  ["wake", benchWake],
  ["browser", benchBrowser],
]);

const asked = process.argv.slice(2).filter((name) => name !== "--");
for (const name of asked.length === 0 ? BENCHES.keys() : asked) {
  const bench = BENCHES.get(name);
  if (bench === undefined)
    throw new Error(`There is no benchmark ${name}; there are ${[...BENCHES.keys()].join(", ")}.`);
  const load = loadavg();
  const result = { name, ...describeMachine(), load, result: await bench() };
  mkdirSync(FOLDER, { recursive: true });
  const text = JSON.stringify(result, null, 2);
  writeFileSync(join(FOLDER, `${name}.json`), `${text}\n`);
  console.log(text);
}
