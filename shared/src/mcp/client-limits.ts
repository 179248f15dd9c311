/** Tools that clients take at most, by the beginning of the name they give themselves; the first that fits wins. */
const CAPS: readonly (readonly [string, number])[] = [
  ["claude-code", 128],
  ["claude", 256],
  ["cursor", 80],
  ["visual studio code", 128],
  ["windsurf", 100],
];

/** After how many tools a client leaves off the rest, without saying so; null where nobody knows of a limit. */
export function toolCap(clientName: string): number | null {
  const name = clientName.trim().toLowerCase();
  return CAPS.find(([start]) => name.startsWith(start))?.[1] ?? null;
}
