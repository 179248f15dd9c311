#!/usr/bin/env node
import { relayCommand } from "./relay-command.ts";
import { startCommand } from "./start/start-command.ts";

const USAGE = `agent-personas <command>

  relay    run a relay; settings come from the environment (PORT, PUBLIC_URL, DATA_DIR, …);
           --recover makes a new pairing link when no administrator's browser is left
  start    run a relay, a browser with the extension and a sample persona (what \`npm start\` does)
`;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
// Started by another process that keeps a channel to us: its end is ours.
process.on("disconnect", () => stop.abort());

process.exit(await run(process.argv.slice(2)));

function run([command, ...args]: string[]): Promise<number> {
  if (command === "relay") return relayCommand(args, stop.signal);
  if (command === "start") return startCommand(args, stop.signal);
  process.stderr.write(command === undefined ? USAGE : `There is no command ${command}.\n\n${USAGE}`);
  return Promise.resolve(1);
}
