import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { priceOf } from "@agent-personas/shared/persona/price";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { RelayDeps } from "../deps.ts";
import { callApp, type CallAppDeps } from "./call-app.ts";
import { checkTool } from "./check-tool.ts";
import type { Exchange } from "./exchange.ts";
import { asksForInput } from "./resolve-inputs.ts";
import { urlQuestions } from "./url-questions.ts";

export type ExecuteToolDeps = CallAppDeps & Pick<RelayDeps, "limits">;

/** Faults after which the app may have done what it was asked to; they count against budgets. */
const MAY_HAVE_HAPPENED = new Set<ErrorCode>(["app_timeout", "outcome_unknown", "result_too_large"]);

/**
 * Executes a tool in the owner's browser: whether the caller may, whether its budgets allow it, then the tunnel.
 * @throws AppError of `checkTool` | `budget_exceeded`
 */
export async function executeTool(
  params: { name: string; [member: string]: unknown },
  exchange: Exchange,
  context: Parameters<typeof callApp>[2],
  deps: ExecuteToolDeps,
): Promise<Outcome> {
  const tool = checkTool(params.name, exchange);
  const reservation = await deps.limits.reserveCall(exchange, priceOf(tool)?.maxCents ?? 0);
  let executed = false;
  try {
    const request = {
      slotId: tool.slotId,
      method: "tools/call",
      params: { ...params, name: tool.originalName },
    } as const;
    const outcome = await callApp(request, exchange, context, deps);
    executed = mayHaveHappened(outcome);
    return outcome;
  } finally {
    if (executed) reservation.commit();
    else reservation.release();
  }
}

function mayHaveHappened(outcome: Outcome): boolean {
  // A round of questions, or of links to be opened: the call is paid by the round that ends it.
  if (asksForInput(outcome) || urlQuestions(outcome) !== null) return false;
  if (outcome.kind !== "fault") return true;
  return outcome.code === "call_cancelled"
    ? outcome.detail["started"] !== undefined
    : MAY_HAVE_HAPPENED.has(outcome.code);
}
