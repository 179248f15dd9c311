import { execFileSync } from "node:child_process";

/** Resident memory of another process. Bytes. */
export function memoryOf(pid: number | undefined): number {
  const kibibytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim());
  if (!Number.isFinite(kibibytes) || kibibytes <= 0) throw new Error(`There is no process ${pid}.`);
  return kibibytes * 1_024;
}
