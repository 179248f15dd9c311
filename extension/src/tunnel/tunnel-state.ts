/** `retryAt` is set while offline and an attempt is planned. */
export type TunnelStatus = {
  tunnel: "unpaired" | "offline" | "connecting" | "online" | "replaced" | "signed_out" | "update_needed";
  since: number;
  retryAt: number | null;
};

/** A device that was refused may ask again after this long; only a person ends `replaced`. */
const ASK_AGAIN_MS = 15 * 60_000;

/** Whether a starting worker may connect by itself, given what the last one wrote down. */
export function mayConnect(last: { tunnel: string; since: number } | undefined, now: number): boolean {
  if (last?.tunnel === "replaced") return false;
  if (last?.tunnel === "signed_out" || last?.tunnel === "update_needed") return now - last.since >= ASK_AGAIN_MS;
  return true;
}
