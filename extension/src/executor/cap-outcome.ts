import { FRAME_BYTES, type Outcome } from "@agent-personas/shared/tunnel/messages";

/** Room in a frame for the envelope around the outcome. */
const ENVELOPE_BYTES = 2_048;
const CAP_BYTES = FRAME_BYTES - ENVELOPE_BYTES;

/** An outcome that does not fit into one frame is answered as too large, with the cap. */
export function capOutcome(outcome: Outcome): Outcome {
  if (new TextEncoder().encode(JSON.stringify(outcome)).length <= CAP_BYTES) return outcome;
  return { kind: "fault", code: "result_too_large", detail: { cap: `${Math.floor(CAP_BYTES / 1024)} KiB` } };
}
