import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { accountResult, type AccountInfoDeps } from "./account-info.ts";
import { ACCOUNT_INFO } from "./built-in-tools.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { executeTool, type ExecuteToolDeps } from "./execute-tool.ts";
import { renderFault, renderOutcome } from "./render-outcome.ts";
import { runCall, type RunCallDeps } from "./run-call.ts";

const paramsSchema = z.looseObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
});

export type CallToolDeps = Pick<RelayDeps, "config"> & ExecuteToolDeps & AccountInfoDeps & RunCallDeps;

/** Answers a call. Faults are results, so that clients show them to their model. */
export async function callTool(
  params: unknown,
  exchange: Exchange,
  context: RequestContext,
  deps: CallToolDeps,
): Promise<Result> {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, z.prettifyError(parsed.error));
  const { publicUrl } = deps.config;
  const { name } = parsed.data;
  try {
    if (name === ACCOUNT_INFO) return await accountResult(exchange, deps);
    const outcome = await runCall(
      { method: "tools/call", params: parsed.data },
      exchange,
      context,
      (changed, options) => executeTool({ ...changed, name }, exchange, { ...context, ...options }, deps),
      deps,
    );
    return renderOutcome(outcome, exchange.era, publicUrl);
  } catch (error) {
    return renderFault(error, publicUrl);
  }
}
