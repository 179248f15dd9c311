import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { priceOf } from "@agent-personas/shared/persona/price";
import type { CallNotification, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { RelayDeps } from "../deps.ts";
import { checkTool } from "./check-tool.ts";
import type { Exchange } from "./exchange.ts";

export type ExecuteToolDeps = Pick<RelayDeps, "tunnel" | "usage" | "limits">;

/** Faults after which the app may have done what it was asked to; they count against budgets. */
const MAY_HAVE_HAPPENED = new Set<ErrorCode>(["app_timeout", "outcome_unknown", "result_too_large"]);

/**
 * Executes a tool in the owner's browser: whether the caller may, whether its budgets allow it, then the tunnel.
 * @throws AppError of `checkTool` | `budget_exceeded`
 */
export async function executeTool(
  params: { name: string; [member: string]: unknown },
  exchange: Exchange,
  options: { signal: AbortSignal; onProgress?: (notification: CallNotification) => void },
  deps: ExecuteToolDeps,
): Promise<Outcome> {
  const { principal, persona, client, session, traceparent } = exchange;
  const tool = checkTool(params.name, exchange);
  const reservation = await deps.limits.reserveCall(exchange, priceOf(tool)?.maxCents ?? 0);
  let executed = false;
  try {
    deps.usage.personaUsed(persona.personaId);
    const outcome = await deps.tunnel.call(
      {
        personaId: persona.personaId,
        version: persona.version.version,
        slotId: tool.slotId,
        method: "tools/call",
        params: { ...params, name: tool.originalName },
        principal: {
          kind: principal.kind,
          id: principal.id,
          client,
          scopes: [...principal.scopes],
          tools: principal.tools === null ? null : [...principal.tools],
        },
        forwardedHeaders: { ...principal.forwardedHeaders },
        session,
        traceparent,
      },
      { target: { userId: principal.executingUserId, deviceId: principal.deviceId }, ...options },
    );
    executed = mayHaveHappened(outcome);
    return principal.kind === "external" ? withoutPresence(outcome) : outcome;
  } finally {
    if (executed) reservation.commit();
    else reservation.release();
  }
}

/** When the owner was last there is nothing for callers that the owner may not even know. */
function withoutPresence(outcome: Outcome): Outcome {
  return outcome.kind === "fault" && outcome.code === "owner_offline" ? { ...outcome, detail: {} } : outcome;
}

function mayHaveHappened(outcome: Outcome): boolean {
  if (outcome.kind !== "fault") return true;
  return outcome.code === "call_cancelled"
    ? outcome.detail["started"] !== undefined
    : MAY_HAVE_HAPPENED.has(outcome.code);
}
