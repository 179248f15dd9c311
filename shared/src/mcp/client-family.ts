/**
 * Clients that take the same schemas:
 * - `claude`: Claude's connectors; `claude-code`: the same model service without the connectors' size limit
 * - `openai`: ChatGPT and Codex
 * - `google`: Gemini CLI and its forks
 * - `many`: editors and agents that hand tools to any model service, so that every service's refusal counts
 * - `lossless`: everything else; whoever is not known gets what the app said
 */
export type ClientFamily = "claude" | "claude-code" | "openai" | "google" | "many" | "lossless";

/** Beginnings of the names that clients give themselves, in lower case; the first that fits wins. */
const NAMES: readonly (readonly [string, ClientFamily])[] = [
  ["claude-code", "claude-code"],
  ["claude code", "claude-code"],
  ["claude", "claude"],
  ["anthropic", "claude"],
  ["chatgpt", "openai"],
  ["openai", "openai"],
  ["codex", "openai"],
  ["gemini", "google"],
  ["qwen", "google"],
  ["cursor", "many"],
  ["visual studio code", "many"],
  ["vscode", "many"],
  ["code-oss", "many"],
  ["cline", "many"],
  ["continue", "many"],
  ["goose", "many"],
  ["opencode", "many"],
  ["windsurf", "many"],
  ["zed", "many"],
  ["github-copilot", "many"],
  ["copilot", "many"],
];

/**
 * The family of a client by what it calls itself. Good for shaping what it reads; never for what it may do, since
 * anybody may take any name.
 */
export function clientFamily(clientName: string): ClientFamily {
  const name = clientName.trim().toLowerCase();
  return NAMES.find(([start]) => startsAsWord(name, start))?.[1] ?? "lossless";
}

/** `zed` is the client and `zedboard-tester` is not. */
function startsAsWord(name: string, start: string): boolean {
  return name.startsWith(start) && !/[a-z]/u.test(name.charAt(start.length));
}
