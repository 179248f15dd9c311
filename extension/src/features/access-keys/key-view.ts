import type { Budget } from "@agent-personas/shared/api/limits";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { policyOf } from "@agent-personas/shared/persona/persona-version";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { compareNames } from "../../lib/compare-names.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
export const EXPIRY_NOTICE_MS = 14 * DAY_MS;

export type KeyStatus = AccessKey["state"] | "leaked" | "expiring";

/** The one word for a key's state. A leak outweighs all but the key being dead anyway. */
export function keyStatus(key: AccessKey, now: number): KeyStatus {
  if (key.state === "revoked") return "revoked";
  if (key.state === "expired" || (key.expiresAt !== null && key.expiresAt <= now)) return "expired";
  if (key.leakedAt !== null) return "leaked";
  if (key.state === "disabled") return "disabled";
  return key.expiresAt !== null && key.expiresAt - now <= EXPIRY_NOTICE_MS ? "expiring" : "active";
}

/** Keys that still work or can again first, newest first; dead ones after them. */
export function sortKeys(keys: readonly AccessKey[], now: number): AccessKey[] {
  const dead = (key: AccessKey) => (isDead(key, now) ? 1 : 0);
  return keys.toSorted((a, b) => dead(a) - dead(b) || b.createdAt - a.createdAt);
}

export function isDead(key: AccessKey, now: number): boolean {
  const status = keyStatus(key, now);
  return status === "revoked" || status === "expired";
}

/** The persona's tools by the scope that calls them; what is set to *never* is called by nobody. */
export function toolsByScope(version: PersonaVersion): Record<Scope, string[]> {
  const names: Record<Scope, string[]> = { read: [], write: [], destructive: [] };
  for (const tool of version.tools) {
    if (policyOf(version, tool) === "allow") names[tool.riskClass].push(tool.exposedName);
  }
  for (const scope of SCOPES) names[scope].sort(compareNames);
  return names;
}

/** Exposed names that a key with these scopes and this subset can call. */
export function callableTools(
  byScope: Record<Scope, string[]>,
  key: { scopes: readonly Scope[]; tools: readonly string[] | null },
): string[] {
  const subset = key.tools === null ? null : new Set(key.tools);
  return key.scopes.flatMap((scope) => byScope[scope]).filter((name) => subset === null || subset.has(name));
}

type Reach = { scopes: readonly Scope[]; tools: readonly string[] | null; budget: Budget };

/** Whether a change lets the key do something that it could not do before. */
export function widens(before: Reach, after: Reach): boolean {
  if (isMore(before.budget.calls, after.budget.calls) || isMore(before.budget.cents, after.budget.cents)) return true;
  if (after.scopes.some((scope) => !before.scopes.includes(scope))) return true;
  if (before.tools === null) return false;
  const former = new Set(before.tools);
  return after.tools === null || after.tools.some((name) => !former.has(name));
}

const isMore = (before: number | null, after: number | null): boolean =>
  before !== null && (after === null || after > before);
