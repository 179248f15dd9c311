import type { Scope } from "./scope.ts";
import type { ToolDefinition } from "./tool-definition.ts";

/** `declared` is false when the app said nothing about the risk; the console then shows "not declared". */
export type Risk = { riskClass: Scope; declared: boolean };

/** Names that a person should look at even though the app did not call the tool destructive. */
const DESTRUCTIVE_WORDS = new Set([
  "delete",
  "destroy",
  "drop",
  "erase",
  "prune",
  "purge",
  "remove",
  "revoke",
  "truncate",
  "uninstall",
  "wipe",
]);

/**
 * `read` when readOnlyHint is true, `destructive` when destructiveHint is stated true, else `write`.
 * Silence is `write` (by the protocol's letter it would be destructive, and then 92 % of 527 public
 * tools were), unless the name says otherwise.
 */
export function classifyRisk(definition: ToolDefinition): Risk {
  const { readOnlyHint, destructiveHint } = definition.annotations ?? {};
  if (destructiveHint === true && readOnlyHint !== true) return { riskClass: "destructive", declared: true };
  if (readOnlyHint === true) return { riskClass: "read", declared: true };
  const declared = destructiveHint === false || readOnlyHint === false;
  if (destructiveHint === undefined && wordsOf(definition.name).some((word) => DESTRUCTIVE_WORDS.has(word))) {
    return { riskClass: "destructive", declared: false };
  }
  return { riskClass: "write", declared };
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/u);
}
