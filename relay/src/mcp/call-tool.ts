import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { isBuiltIn } from "./built-in-tools.ts";
import { callBuiltIn, type CallBuiltInDeps } from "./call-built-in.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { executeTool, type ExecuteToolDeps } from "./execute-tool.ts";
import { renderFault, renderOutcome, stillRunningUnstructured } from "./render-outcome.ts";
import { runCall, type RunCallDeps } from "./run-call.ts";
import { unwrapCall } from "./unwrap-call.ts";

const paramsSchema = z.looseObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
});

export type CallToolDeps = Pick<RelayDeps, "config"> & ExecuteToolDeps & CallBuiltInDeps & RunCallDeps;

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
  const { version } = exchange.persona;
  const { name } = parsed.data;
  const call = unwrapCall(parsed.data, version);
  try {
    if (isBuiltIn(call.name, version)) {
      return renderOutcome(await callBuiltIn(call, exchange, context, deps), exchange, publicUrl);
    }
    const outcome = await runCall(
      { method: "tools/call", params: parsed.data },
      exchange,
      context,
      (changed, options) =>
        executeTool(unwrapCall({ ...changed, name }, version), exchange, { ...context, ...options }, deps),
      deps,
    );
    if (outcome.kind === "parked" && declaresOutput(call.name, exchange))
      return stillRunningUnstructured(outcome.handle);
    return renderOutcome(outcome, exchange, publicUrl);
  } catch (error) {
    return renderFault(error, exchange, publicUrl);
  }
}

const declaresOutput = (name: string, { persona }: Exchange): boolean =>
  persona.tools.find((tool) => tool.name === name)?.outputSchema !== undefined;
