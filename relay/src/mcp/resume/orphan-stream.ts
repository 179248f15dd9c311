import { AppError, errorText } from "@agent-personas/shared/errors/app-error";
import { APP_METHODS, type Outcome } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, type JSONRPCMessage } from "@modelcontextprotocol/server";
import type { RelayDeps } from "../../deps.ts";
import { madeAt } from "../../tunnel/late-calls.ts";
import { renderOutcome } from "../render-outcome.ts";
import { asksForInput } from "../resolve-inputs.ts";
import { formatEventId, type StreamRequest } from "./event-id.ts";
import type { EventLog, Stream } from "./event-log.ts";
import type { LateOutcomes } from "./late-outcomes.ts";

const KEEP_ALIVE_MS = 15_000;
/** Waited at least, however old the call is: its device may be about to come back, too. Milliseconds. */
const LEAST_MS = 2_000;
const SERVER_ERROR = -32_000;

export type OrphanDeps = Pick<RelayDeps, "config" | "now"> & {
  log: Pick<EventLog, "append">;
  late: Pick<LateOutcomes, "wait">;
};

/** Who comes back, and the request by which. */
export type Returning = { userId: string; requestId: string; signal: AbortSignal };

/**
 * Answers a client that comes back to the stream of a request whose process has ended: first what it missed, then the
 * outcome, as soon as the device has brought it, else that nobody knows it.
 */
export function orphanStream(
  stream: Stream,
  { after, userId, requestId, signal }: { after: number } & Returning,
  deps: OrphanDeps,
): Response {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const write = (text: string): void => {
        if (!ended.aborted) controller.enqueue(encoder.encode(text));
      };
      const keepAlive = setInterval(() => write(": keepalive\n\n"), KEEP_ALIVE_MS).unref();
      for (const { seq, text } of stream.events) if (seq > after) write(frame(stream, seq, text));
      void answer(stream, { userId, requestId, signal: ended }, deps)
        .then((text) => write(text ?? ""))
        .finally(() => {
          clearInterval(keepAlive);
          if (!over.signal.aborted) controller.close();
        })
        .catch(() => undefined);
    },
    cancel: () => over.abort(),
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache", "mcp-session-id": stream.sessionId },
  });
}

/** Null when there is nothing (more) to say. */
async function answer(
  stream: Stream,
  { userId, requestId, signal }: Returning,
  { config, now, log, late }: OrphanDeps,
) {
  const { purpose, key } = stream;
  if (stream.pending <= 0 || typeof purpose === "string") return null;
  // The id comes back from the client, which may have changed the time in it.
  const age = Math.max(0, now() - madeAt(key));
  const left = isForApp(purpose.method) ? Math.max(LEAST_MS, config.relayDeadlineMs - age) : 0;
  const outcome = await late.wait(userId, key, AbortSignal.any([signal, AbortSignal.timeout(left)]));
  // Answered meanwhile to the same client, which came twice.
  if (signal.aborted || stream.pending <= 0) return null;
  const message = render(purpose, outcome ?? unknown, { requestId, publicUrl: config.publicUrl });
  log.append(stream, message);
  return frame(stream, stream.nextSeq - 1, JSON.stringify(message));
}

function render(
  { id, method }: StreamRequest,
  outcome: Outcome,
  { requestId, publicUrl }: { requestId: string; publicUrl: string },
): JSONRPCMessage {
  // Its questions were for a client that has no request open any more.
  const settled = asksForInput(outcome) ? unknown : outcome;
  if (settled.kind === "fault" && method !== "tools/call") {
    const text = errorText(new AppError(settled.code, { detail: settled.detail }), publicUrl);
    const data = { code: settled.code, requestId };
    return { jsonrpc: "2.0", id, error: { code: SERVER_ERROR, message: text, data } };
  }
  try {
    return { jsonrpc: "2.0", id, result: renderOutcome(settled, { era: "legacy", requestId }, publicUrl) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, message, data } = error;
    return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
  }
}

const isForApp = (method: string): boolean => APP_METHODS.some((each) => each === method);

const unknown: Outcome = { kind: "fault", code: "outcome_unknown", detail: {} };

const frame = ({ key, purpose }: Stream, seq: number, text: string): string =>
  `event: message\nid: ${formatEventId({ key, seq, purpose })}\ndata: ${text}\n\n`;
