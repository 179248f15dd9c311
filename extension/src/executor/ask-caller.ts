import { createId } from "@agent-personas/shared/primitives/id";
import { FRAME_BYTES, type Ask, type Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Running } from "./running-call.ts";

/** Room in a frame around a question. */
const ENVELOPE_BYTES = 1_024;

const refusal = (message: string): Outcome => ({ kind: "error", error: { code: -32_603, message } });

/**
 * Puts an app's question to the caller. The deadline stands still meanwhile: it is for the app's work, not for a
 * person's thinking.
 */
export async function askCaller(
  { call, parked, deadline, abort, late }: Running,
  question: Pick<Ask, "method" | "params">,
  onAsk: (ask: Ask, signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  if (parked !== null) return refusal("The caller has gone on and cannot be asked any more");
  const ask: Ask = { callId: call.callId, askId: createId("ask"), ...question };
  if (new TextEncoder().encode(JSON.stringify(ask)).length > FRAME_BYTES - ENVELOPE_BYTES) {
    return refusal("The question is too long");
  }
  const resume = deadline.pause();
  try {
    return await onAsk(ask, AbortSignal.any([abort.signal, late.signal]));
  } finally {
    resume();
  }
}
