import { z } from "zod";
import { sha256Hex } from "../primitives/sha256.ts";

/** Longest name we give: the tightest client allows 60 characters with its own prefix included. */
export const EXPOSED_NAME_LENGTH = 40;
/** Longest original that a persona without prefixes shows unchanged: what every client accepts bare. */
const UNPREFIXED_NAME_LENGTH = 64;
const HASH_LENGTH = 8;

export const exposedNameSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/u);

/** How names of the relay's own tools begin, such as `persona_account_info`; no app's tool is shown under such a one. */
export const isReservedName = (name: string): boolean => /^persona_/iu.test(name);

/** The app part of a name. It has no underscore; `persona` is kept for the built-in tools. */
export const prefixSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,24}$/u)
  .refine((prefix) => prefix.toLowerCase() !== "persona", "The prefix “persona” is reserved.");

/** A prefix made from an app's name, valid by `prefixSchema`. */
export function suggestPrefix(appName: string): string {
  const prefix = appName
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9-]+/gu, "")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 24);
  return prefixSchema.safeParse(prefix).success ? prefix : `App${prefix}`.slice(0, 24);
}

/** One tool to be named. `prefix` is null in a persona without prefixes. */
export type NameRequest = { slotId: string; originalName: string; prefix: string | null };
export type NamedTool = NameRequest & { exposedName: string };

/**
 * The name a tool gets when nothing else has it: `<prefix>_<original>`, without a second prefix when the
 * original already begins with it (ignoring case), in `[A-Za-z0-9_-]`, at most 40 characters, cut and
 * ended by a hash when longer. Depends on its arguments only. Nothing ever parses it back.
 */
export async function exposedToolName(prefix: string | null, originalName: string): Promise<string> {
  const original = originalName.replaceAll(/[^A-Za-z0-9_-]/gu, "_");
  if (prefix === null) {
    if (isReservedName(original)) return fit(`tool_${original}`, originalName);
    return original === originalName && original.length <= UNPREFIXED_NAME_LENGTH
      ? original
      : fit(original, originalName);
  }
  const prefixed = beginsWith(original, prefix) ? original : `${prefix}_${original}`;
  return fit(prefixed, `${prefix}\n${originalName}`);
}

/**
 * Names `requests` so that every exposed name is unique ignoring case, also against `taken`.
 * A name in use gets the hash of slot and original instead, so the same set always gets the same names.
 */
export async function nameTools(requests: readonly NameRequest[], taken: Iterable<string> = []): Promise<NamedTool[]> {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const named: NamedTool[] = [];
  for (const request of requests) {
    let exposedName = await exposedToolName(request.prefix, request.originalName);
    // Bounded: each round hashes another text, and a round fails only on a 32-bit collision.
    for (let round = 0; used.has(exposedName.toLowerCase()); round += 1) {
      exposedName = await cut(exposedName, `${request.slotId}\n${request.originalName}\n${round}`);
    }
    used.add(exposedName.toLowerCase());
    named.push({ ...request, exposedName });
  }
  return named;
}

/**
 * Exposed names that more than one tool would get, ignoring case and in the first one's writing: what the wizard
 * refuses when prefixes are off.
 */
export async function collidingNames(requests: readonly NameRequest[]): Promise<string[]> {
  const found = new Map<string, { name: string; count: number }>();
  for (const { prefix, originalName } of requests) {
    const name = await exposedToolName(prefix, originalName);
    const first = found.get(name.toLowerCase()) ?? { name, count: 0 };
    found.set(name.toLowerCase(), { ...first, count: first.count + 1 });
  }
  return [...found.values()].filter(({ count }) => count > 1).map(({ name }) => name);
}

function beginsWith(original: string, prefix: string): boolean {
  const rest = original.slice(prefix.length);
  return original.toLowerCase().startsWith(prefix.toLowerCase()) && (rest === "" || !/^[a-z0-9]/u.test(rest));
}

async function fit(name: string, source: string): Promise<string> {
  return name.length <= EXPOSED_NAME_LENGTH ? name : cut(name, source);
}

async function cut(name: string, source: string): Promise<string> {
  const hash = (await sha256Hex(source)).slice(0, HASH_LENGTH);
  return `${name.slice(0, EXPOSED_NAME_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}
