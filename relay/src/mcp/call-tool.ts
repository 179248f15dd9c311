import type { CallNotification } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { checkTool } from "./check-tool.ts";
import type { Exchange } from "./exchange.ts";
import { renderFault, renderOutcome } from "./render-outcome.ts";

const paramsSchema = z.looseObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
});

export type CallToolDeps = Pick<RelayDeps, "config" | "tunnel" | "usage">;

/** Executes a tool in the owner's browser. Faults are results, so that clients show them to their model. */
export async function callTool(
  params: unknown,
  exchange: Exchange,
  context: { signal: AbortSignal; notify: (params: Record<string, unknown>) => void },
  deps: CallToolDeps,
): Promise<Result> {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, z.prettifyError(parsed.error));
  const { principal, persona, client, session, traceparent } = exchange;
  try {
    const tool = checkTool(parsed.data.name, exchange);
    deps.usage.personaUsed(persona.personaId);
    const outcome = await deps.tunnel.call(
      {
        personaId: persona.personaId,
        version: persona.version.version,
        slotId: tool.slotId,
        method: "tools/call",
        params: { ...parsed.data, name: tool.originalName },
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
      {
        target: { userId: principal.executingUserId, deviceId: principal.deviceId },
        signal: context.signal,
        onProgress: relayProgress(parsed.data._meta?.progressToken, context.notify),
      },
    );
    return renderOutcome(outcome, exchange.era, deps.config.publicUrl);
  } catch (error) {
    return renderFault(error, deps.config.publicUrl);
  }
}

/** The app's progress under the caller's own token; nothing for a caller that gave none. */
function relayProgress(token: string | number | undefined, notify: (params: Record<string, unknown>) => void) {
  return ({ params }: CallNotification): void => {
    if (token !== undefined) notify({ ...params, progressToken: token });
  };
}
