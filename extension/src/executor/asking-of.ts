import { createId } from "@agent-personas/shared/primitives/id";
import {
  ASKS_PER_CALL,
  ENVELOPE_BYTES,
  FRAME_BYTES,
  type Ask,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { DownstreamCall } from "../apps/downstream.ts";
import type { Running } from "./running-call.ts";

const refusal = (message: string): Outcome => ({ kind: "error", error: { code: -32_603, message } });

/** How an app's questions are put to the caller. */
export function askingOf(
  item: Running,
  put: (ask: Ask, signal: AbortSignal) => Promise<Outcome>,
): Required<Pick<DownstreamCall, "onAsk" | "whyNotAsk">> {
  const { call, abort, late } = item;
  const whyNotAsk = (): Outcome | null => {
    if (item.parked !== null) return refusal("The caller has gone on and cannot be asked any more");
    // The relay takes no more of one call; and asked without end, it would close the tunnel of all apps.
    return item.asked < ASKS_PER_CALL ? null : refusal("Too many questions in one call");
  };
  return {
    whyNotAsk,
    onAsk: async (question, withdrawn) => {
      const refused = whyNotAsk();
      if (refused !== null) return refused;
      item.asked += 1;
      const ask: Ask = { callId: call.callId, askId: createId("ask"), ...question };
      if (new TextEncoder().encode(JSON.stringify(ask)).length > FRAME_BYTES - ENVELOPE_BYTES) {
        return refusal("The question is too long");
      }
      return put(ask, AbortSignal.any([abort.signal, late.signal, ...(withdrawn ? [withdrawn] : [])]));
    },
  };
}
