import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export type Process = { pid: number; parent: number; command: string };

/** Every process below another one, as they are now. */
export function descendants(root: number): Process[] {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  const found: Process[] = [];
  for (let ids = [root]; ids.length > 0;) {
    const children = all.filter(({ parent }) => ids.includes(parent));
    found.push(...children);
    ids = children.map(({ pid }) => pid);
  }
  return found;
}

/** Whether it still runs; one that has ended but was not reaped does not. */
export function isAlive({ pid }: Process): boolean {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  return all.some((process) => process.pid === pid);
}

function fromProc(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return state === "Z" ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It ended between the two reads.
        return [];
      }
    });
}

function fromPs(): Process[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/u.exec(line) ?? [];
    return pid === undefined || state.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
