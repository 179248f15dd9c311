import { z } from "zod";

/** Longest that `persona/wait-for-call` waits. Seconds. */
export const WAIT_SECONDS = 45;

/** How long a device keeps a cut result or the outcome of a parked call. Milliseconds. */
export const KEPT_MS = 24 * 3_600_000;

/** Longest handle of a cut result or a parked call. Characters. */
const HANDLE_LENGTH = 128;
export const handleSchema = z.string().trim().min(1).max(HANDLE_LENGTH);

/**
 * Parameters of `persona/read-more`, with `_meta` as the client sent it. The device answers the next page as a result, or the fault `handle_unknown` for
 * what it does not keep for this persona and principal.
 */
export const readMoreSchema = z.looseObject({ handle: handleSchema });
export type ReadMore = z.infer<typeof readMoreSchema>;

/**
 * Parameters of `persona/wait-for-call`, with `_meta` as the client sent it. The device answers the call's own outcome, `parked` when it still runs at the
 * end of the time, or the fault `handle_unknown`.
 */
export const waitForCallSchema = z.looseObject({
  handle: handleSchema,
  timeoutSeconds: z.number().min(0).max(WAIT_SECONDS),
});
export type WaitForCall = z.infer<typeof waitForCallSchema>;
