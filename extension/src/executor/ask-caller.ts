import { createId } from "@agent-personas/shared/primitives/id";
import {
  ASKS_PER_CALL,
  ENVELOPE_BYTES,
  FRAME_BYTES,
  type Ask,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Running } from "./running-call.ts";

const refusal = (message: string): Outcome => ({ kind: "error", error: { code: -32_603, message } });

/** Puts an app's question to the caller. */
export async function askCaller(
  item: Running,
  question: Pick<Ask, "method" | "params">,
  onAsk: (ask: Ask, signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const { call, parked, abort, late } = item;
  if (parked !== null) return refusal("The caller has gone on and cannot be asked any more");
  // The relay takes no more of one call; and asked without end, it would close the tunnel of all apps.
  if (item.asked >= ASKS_PER_CALL) return refusal("Too many questions in one call");
  item.asked += 1;
  const ask: Ask = { callId: call.callId, askId: createId("ask"), ...question };
  if (new TextEncoder().encode(JSON.stringify(ask)).length > FRAME_BYTES - ENVELOPE_BYTES) {
    return refusal("The question is too long");
  }
  return onAsk(ask, AbortSignal.any([abort.signal, late.signal]));
}
