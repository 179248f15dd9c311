/** Longest that a call may take, and its device to come back. Milliseconds. */
const LONGEST_MS = 15 * 60_000;

const PREFIX = "call_".length;
const TIME_LENGTH = 9;

/** When the id of a call was made, see `createId`. */
export const madeAt = (callId: string): number => Number.parseInt(callId.slice(PREFIX, PREFIX + TIME_LENGTH), 36);

/** Whether a call may have been made by the process before the one that started at `startedAt`. */
export function isFromBefore(startedAt: number): (callId: string) => boolean {
  return (callId) => madeAt(callId) < startedAt && madeAt(callId) >= startedAt - LONGEST_MS;
}
