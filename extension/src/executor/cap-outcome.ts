import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import { FRAME_BYTES, type Outcome } from "@agent-personas/shared/tunnel/messages";

/** Room in a frame for the envelope around the outcome. */
const ENVELOPE_BYTES = 2_048;
const CAP_BYTES = FRAME_BYTES - ENVELOPE_BYTES;

const tooDeep: Outcome = { kind: "error", error: { code: -32_603, message: "The app's result is nested too deeply" } };

/** An outcome that cannot be sent as one frame is answered as too large, with the cap, or as nested too deeply. */
export function capOutcome(outcome: Outcome): Outcome {
  if (nestedTooDeep(outcome)) return tooDeep;
  if (new TextEncoder().encode(JSON.stringify(outcome)).length <= CAP_BYTES) return outcome;
  return { kind: "fault", code: "result_too_large", detail: { cap: `${Math.floor(CAP_BYTES / 1024)} KiB` } };
}
