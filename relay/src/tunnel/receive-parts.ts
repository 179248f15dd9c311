import { createPartAssembler } from "@agent-personas/shared/tunnel/assemble-parts";
import type { CallResult, Part } from "@agent-personas/shared/tunnel/messages";
import { PartError } from "@agent-personas/shared/tunnel/part-error";
import type { Dispatcher } from "./dispatch.ts";
import type { Reception } from "./receive.ts";

/** Takes the parts of long results that one socket sends; the last completes a result, which goes the usual way. */
export function createPartReceiver(
  deviceId: string,
  dispatcher: Pick<Dispatcher, "expects" | "onResult">,
): (part: Part) => Reception {
  const parts = createPartAssembler();
  return (part) => {
    const expected = dispatcher.expects(deviceId, part.callId);
    if (expected !== "yes") {
      parts.drop(part.callId);
      // Settled meanwhile: the device learns it by being believed.
      return expected === "over" ? "taken" : "refused";
    }
    try {
      const result: CallResult | null = parts.take(part);
      return result === null ? "awaited" : dispatcher.onResult(deviceId, result);
    } catch (error) {
      if (error instanceof PartError) return "refused";
      throw error;
    }
  };
}
