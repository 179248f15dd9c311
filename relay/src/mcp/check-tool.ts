import { AppError } from "@agent-personas/shared/errors/app-error";
import { policyOf, type PersonaTool } from "@agent-personas/shared/persona/persona-version";
import type { Caller } from "../deps.ts";
import { findTool, nearestVisible } from "./why-missing.ts";

/** Longest part of a caller's tool name that is repeated to it. */
const ECHO_LENGTH = 128;

/**
 * The tool a caller names, when it may call it.
 * @throws AppError `persona_paused` | `tool_not_in_persona` | `tool_forbidden` | `insufficient_scope`
 */
export function checkTool(name: string, caller: Caller): PersonaTool {
  const { persona, principal } = caller;
  if (persona.version.status === "paused") throw new AppError("persona_paused");
  const found = findTool(name, caller);
  if (found.tool === null) {
    const nearest = nearestVisible(name, caller).join(", ");
    const { text: why, next: remedy } = found.why;
    throw new AppError("tool_not_in_persona", { detail: { tool: name.slice(0, ECHO_LENGTH), why, remedy, nearest } });
  }
  const { tool } = found;
  if (policyOf(persona.version, tool) === "never") throw new AppError("tool_forbidden", { detail: { tool: name } });
  if (!principal.scopes.includes(tool.riskClass)) {
    throw new AppError("insufficient_scope", { detail: { scopes: tool.riskClass } });
  }
  return tool;
}
