/** An AI client that leaves tools off, without saying so; `start`: how the name begins that it gives itself. */
export type ClientLimit = { start: string; names: readonly string[]; tools: number };

/** Measured and reported limits of tools that a client takes, smallest first. */
export const CLIENT_LIMITS: readonly ClientLimit[] = [
  { start: "cursor", names: ["Cursor"], tools: 80 },
  { start: "windsurf", names: ["Windsurf"], tools: 100 },
  { start: "visual studio code", names: ["VS Code"], tools: 128 },
  { start: "claude", names: ["Claude.ai", "Claude Desktop"], tools: 256 },
];

/** Begins like one that has a limit, and has none. */
const UNLIMITED = ["claude-code"];

/** After how many tools a client leaves off the rest; null where nobody knows of a limit. */
export function toolCap(clientName: string): number | null {
  const name = clientName.trim().toLowerCase();
  if (UNLIMITED.some((start) => name.startsWith(start))) return null;
  return CLIENT_LIMITS.find(({ start }) => name.startsWith(start))?.tools ?? null;
}
