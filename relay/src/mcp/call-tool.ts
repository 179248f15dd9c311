import type { CallNotification } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { accountResult, type AccountInfoDeps } from "./account-info.ts";
import { ACCOUNT_INFO } from "./built-in-tools.ts";
import type { Exchange } from "./exchange.ts";
import { executeTool, type ExecuteToolDeps } from "./execute-tool.ts";
import { renderFault, renderOutcome } from "./render-outcome.ts";

const paramsSchema = z.looseObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
});

export type CallToolDeps = Pick<RelayDeps, "config"> & ExecuteToolDeps & AccountInfoDeps;

/** Answers a call. Faults are results, so that clients show them to their model. */
export async function callTool(
  params: unknown,
  exchange: Exchange,
  context: { signal: AbortSignal; notify: (params: Record<string, unknown>) => void },
  deps: CallToolDeps,
): Promise<Result> {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, z.prettifyError(parsed.error));
  const { publicUrl } = deps.config;
  try {
    if (parsed.data.name === ACCOUNT_INFO) return await accountResult(exchange, deps);
    const onProgress = relayProgress(parsed.data._meta?.progressToken, context.notify);
    const outcome = await executeTool(parsed.data, exchange, { signal: context.signal, onProgress }, deps);
    return renderOutcome(outcome, exchange.era, publicUrl);
  } catch (error) {
    return renderFault(error, publicUrl);
  }
}

/** The app's progress under the caller's own token; nothing for a caller that gave none. */
function relayProgress(token: string | number | undefined, notify: (params: Record<string, unknown>) => void) {
  return ({ params }: CallNotification): void => {
    if (token !== undefined) notify({ ...params, progressToken: token });
  };
}
