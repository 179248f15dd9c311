import { AppError } from "../errors/app-error.ts";
import { bytesToBase64 } from "../primitives/base64.ts";
import { nestedTooDeep } from "../primitives/nested-too-deep.ts";
import { FRAME_BYTES, type CallResult, type Part } from "./messages.ts";

/** Longest result that passes the tunnel. Bytes of UTF-8 JSON, measured by the device before it sends anything. */
export const RESULT_BYTES = 8 * 1024 * 1024;

/** What a frame holds beside the base64 text: event, ack id, call id, number. Characters, with room to spare. */
const ENVELOPE_BYTES = 512;

/** Smallest frame that is of use; below it a result of the full size would need too many parts. */
export const LEAST_FRAME_BYTES = 16 * 1024;

/**
 * Cuts a result into parts that each fit a frame of `frameBytes`, in the order of sending. The parts carry all of the
 * result (attempt and timings too), so that it is the same message whether it came whole or in parts.
 * A generator: only one part exists at a time beside the result itself.
 * @throws AppError `result_too_large` before the first part, when the result is longer than the tunnel takes
 * @throws RangeError for a frame size that no tunnel has, or a result nested too deeply to be written
 */
export function* splitIntoParts(result: CallResult, frameBytes: number = FRAME_BYTES): Generator<Part, void, void> {
  if (frameBytes < LEAST_FRAME_BYTES || frameBytes > FRAME_BYTES) throw new RangeError("No such frame size.");
  if (nestedTooDeep(result)) throw new RangeError("The result is nested too deeply.");
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  if (bytes.length > RESULT_BYTES) throw new AppError("result_too_large", { detail: { cap: "8 MiB" } });
  // Whole groups of three, so that only the last part is padded.
  const size = Math.floor((frameBytes - ENVELOPE_BYTES) / 4) * 3;
  const count = Math.ceil(bytes.length / size);
  for (let n = 0; n < count; n += 1) {
    const piece = bytes.subarray(n * size, (n + 1) * size);
    yield { callId: result.callId, n, last: n === count - 1, bytes: bytesToBase64(piece) };
  }
}

/** Whether a result must be sent in parts: its frame would be longer than `frameBytes`. */
export function needsParts(result: CallResult, frameBytes: number = FRAME_BYTES): boolean {
  return new TextEncoder().encode(JSON.stringify(result)).length > frameBytes - ENVELOPE_BYTES;
}
