import type { Ask, Call, CallNotification, Outcome } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import type { Exchange, RequestContext } from "./exchange.ts";

export type CallAppDeps = Pick<RelayDeps, "tunnel" | "usage">;

export type AppRequest = Pick<Call, "slotId" | "method"> & { params: Record<string, unknown> };

/** Puts an app's question to whoever can answer it. */
export type OnAsk = (ask: Ask, signal: AbortSignal) => Promise<Outcome>;

const metaSchema = z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() });

/** The one way from the endpoint into the tunnel; progress and log messages go to a caller that hears them meanwhile. */
export async function callApp(
  { slotId, method, params }: AppRequest,
  exchange: Exchange,
  context: Pick<RequestContext, "signal" | "notify" | "leave"> & { onAsk?: OnAsk },
  deps: CallAppDeps,
): Promise<Outcome> {
  const { principal, persona, client, session, requestId, traceparent, capabilities, logLevel } = exchange;
  deps.usage.personaUsed(persona.personaId);
  const callId = exchange.callId?.() ?? null;
  const token = metaSchema.safeParse(params["_meta"]).data?.progressToken;
  const outcome = await deps.tunnel.call(
    {
      personaId: persona.personaId,
      version: persona.version.version,
      slotId,
      method,
      params,
      principal: {
        kind: principal.kind,
        id: principal.id,
        client,
        scopes: [...principal.scopes],
        tools: principal.tools === null ? null : [...principal.tools],
      },
      capabilities,
      logLevel,
      forwardedHeaders: { ...principal.forwardedHeaders },
      session,
      traceparent,
    },
    {
      target: { userId: principal.executingUserId, deviceId: principal.deviceId },
      signal: context.signal,
      requestId,
      ...(exchange.hearsStreams && {
        // Under the caller's own token; nothing for a caller that gave none.
        onProgress: ({ params: progress }: CallNotification) => {
          if (token !== undefined) context.notify("notifications/progress", { ...progress, progressToken: token });
        },
        onLog: ({ params: message }: CallNotification) => {
          // A session that set no level hears what the app logs by itself; later revisions are silent unless asked.
          if (logLevel !== null || exchange.era === "legacy") context.notify("notifications/message", message);
        },
        onElicited: ({ params: elicited }: CallNotification) => {
          // Later revisions have no such word: their client learns of it by asking again.
          if (exchange.era === "legacy") context.notify("notifications/elicitation/complete", elicited);
        },
      }),
      ...(context.leave !== undefined && { onAway: context.leave }),
      ...(context.onAsk !== undefined && { onAsk: context.onAsk }),
      ...(callId !== null && { callId }),
    },
  );
  return principal.kind === "external" ? withoutPresence(outcome) : outcome;
}

/** When the owner was last there is nothing for callers that the owner may not even know. */
function withoutPresence(outcome: Outcome): Outcome {
  return outcome.kind === "fault" && outcome.code === "owner_offline" ? { ...outcome, detail: {} } : outcome;
}
