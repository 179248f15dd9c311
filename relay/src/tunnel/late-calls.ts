/** Longest that a call may take, and its device to come back. Milliseconds. */
const LONGEST_MS = 15 * 60_000;

const PREFIX = "call_".length;
const TIME_LENGTH = 9;

/** When the id of a call was made, see `createId`. */
export const madeAt = (callId: string): number => Number.parseInt(callId.slice(PREFIX, PREFIX + TIME_LENGTH), 36);

/**
 * Whether a call may have been made by the process before the one that starts now. Devices come back soon after a start
 * or not at all, so that later none of them can have such calls.
 */
export function isFromBefore(now: () => number): (callId: string) => boolean {
  const startedAt = now();
  return (callId) => {
    const made = madeAt(callId);
    return made < startedAt && made >= startedAt - LONGEST_MS && now() < startedAt + LONGEST_MS;
  };
}
