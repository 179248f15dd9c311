import { AppError } from "@agent-personas/shared/errors/app-error";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { z } from "zod";
import type { Caller } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import { unwrapCall } from "./unwrap-call.ts";

const toolCallSchema = z.looseObject({
  method: z.literal("tools/call"),
  params: z.looseObject({ name: z.string() }),
});

/**
 * Refuses calls beyond the caller's scopes as HTTP 403, naming every scope that the message needs. A paused
 * persona and a tool the caller may not know of are answered later, as results.
 */
export function checkScope(body: unknown, { principal, persona }: Caller, stepUps: Pick<StepUps, "refused">): void {
  if (persona.version.status === "paused") return;
  const needed = new Set<string>();
  for (const message of Array.isArray(body) ? body : [body]) {
    const call = toolCallSchema.safeParse(message);
    if (!call.success) continue;
    const { name } = unwrapCall(call.data.params, persona.version);
    const tool = persona.version.tools.find((candidate) => candidate.exposedName === name);
    if (tool !== undefined && principal.tools?.has(name) !== false) needed.add(tool.riskClass);
  }
  const scopes = SCOPES.filter((scope) => needed.has(scope));
  if (scopes.every((scope) => principal.scopes.includes(scope))) return;
  const remedy =
    principal.kind === "external" ? { remedy: "The persona's owner decides what its callers may do." } : {};
  if (principal.kind === "grant") stepUps.refused(principal.id, scopes);
  throw new AppError("insufficient_scope", {
    detail: { scopes: scopes.join(" "), ask: ask(scopes, principal), ...remedy },
  });
}

/** Who signs in again keeps what was allowed before, since not every client adds it to what it asks for. */
function ask(needed: readonly Scope[], principal: Principal): string {
  const held = principal.kind === "grant" ? principal.scopes : [];
  return SCOPES.filter((scope) => needed.includes(scope) || held.includes(scope)).join(" ");
}
