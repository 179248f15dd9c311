/** Deeper values overflow the stack of whoever serialises them, and then nobody gets an answer. */
const DEEPEST = 512;

/** Whether objects and arrays are nested more than 512 levels deep. Does not recurse itself. */
export function nestedTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= DEEPEST; depth += 1) {
    const next: unknown[] = [];
    for (const parent of level) {
      if (typeof parent !== "object" || parent === null) continue;
      for (const child of Object.values(parent)) if (typeof child === "object" && child !== null) next.push(child);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
