import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import { createMessageRate } from "@agent-personas/shared/tunnel/message-rate";
import { NOTIFICATION_LENGTH } from "@agent-personas/shared/tunnel/messages";

/** Of one call, as the relay passes on; and of all calls, well below what the relay takes from a device. */
const PER_CALL = { perSecond: 50, burst: 100 };
const OVERALL = { perSecond: 200, burst: 400 };

/** Whether a progress or log message of an app may go to the relay. */
export type NotificationGate = (params: unknown) => boolean;

/**
 * Makes the gate of one call. A relay closes the tunnel of a device that says too much or too long things, and then
 * one app would have ended the calls of all others.
 */
export function createNotificationGates(elapsed: () => number): () => NotificationGate {
  const overall = createMessageRate(OVERALL, elapsed);
  return () => {
    const ofCall = createMessageRate(PER_CALL, elapsed);
    return (params) =>
      ofCall.take() && overall.take() && !nestedTooDeep(params) && JSON.stringify(params).length <= NOTIFICATION_LENGTH;
  };
}
