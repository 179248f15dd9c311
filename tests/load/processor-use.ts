import { readFileSync } from "node:fs";
import { descendants } from "../support/processes.ts";
import { compare, type Way } from "./compare.ts";
import { round } from "./spread.ts";

/** Clock ticks of Linux are hundredths of a second. */
const MS_PER_TICK = 10;
/** Less than this is not told from nothing at so coarse a clock. */
const LEAST = 0.03;

/**
 * Milliseconds of processor that a call takes, by process: this one (caller and relay), the app, and those of Chromium.
 * Null where there is no `/proc`.
 */
export async function processorUse(way: Way, options: { count: number; atOnce: number }) {
  const before = readTicks();
  if (before === null) return null;
  await compare({ way }, { ...options, warmUp: 0 });
  const uses = new Map<string, number>();
  for (const [process, ticks] of readTicks() ?? []) {
    const name = nameOf(process);
    uses.set(name, (uses.get(name) ?? 0) + ticks - (before.get(process) ?? 0));
  }
  const each = [...uses].map(([name, ticks]) => [name, round((ticks * MS_PER_TICK) / options.count)] as const);
  return Object.fromEntries(each.filter(([, use]) => use >= LEAST));
}

/** Process number and command → user and system time. */
function readTicks(): Map<string, number> | null {
  try {
    const own = { pid: process.pid, command: "node" };
    return new Map([own, ...descendants(process.pid)].map(({ pid, command }) => [`${pid} ${command}`, ticksOf(pid)]));
  } catch {
    return null;
  }
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function nameOf(process: string): string {
  const type = /--type=(\S+)/u.exec(process)?.[1];
  if (type === "utility") return /--utility-sub-type=(\w+)/u.exec(process)?.[1] ?? type;
  if (type !== undefined) return type;
  if (process.includes("chrom")) return "browser";
  return process.endsWith(" node") ? "caller and relay" : "app";
}
