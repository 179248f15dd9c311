#!/usr/bin/env node
import { deviceCommand } from "./device/device-command.ts";
import { relayCommand } from "./relay-command.ts";
import { startCommand } from "./start/start-command.ts";

const USAGE = `agent-personas <command>

  relay    run a relay; settings come from the environment (PORT, PUBLIC_URL, DATA_DIR, …);
           --recover makes a new pairing link when no administrator's browser is left
  device   keep a headless browser with the extension running, paired by --pair <link>; --app <url>
           connects a server that asks for no sign-in, --window shows the browser to sign in to others
  start    run a relay, a browser with the extension and a sample persona (what \`npm start\` does)
`;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
// Started by another process that keeps a channel to us: its end is ours.
process.on("disconnect", () => stop.abort());

process.exit(await run(process.argv.slice(2)));

function run([command, ...args]: string[]): Promise<number> {
  if (command === "relay") return relayCommand(args, stop.signal);
  if (command === "device") return deviceCommand(args, stop.signal);
  if (command === "start") return startCommand(args, stop.signal);
  process.stderr.write(command === undefined ? USAGE : `There is no command ${command}.\n\n${USAGE}`);
  return Promise.resolve(1);
}
