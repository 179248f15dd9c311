import type { ConnectionRow, StateRow } from "../db/rows.ts";

export type Badge = { text: string; color: string };

const ATTENTION = "#b42318";
const WORKING = "#667085";
const NOTHING: Badge = { text: "", color: WORKING };

/** By priority: a sign-in that is needed, sign-ins elsewhere that wait, the tunnel's troubles, connecting, off, nothing. */
export function badgeOf(
  tunnel: StateRow["tunnel"] | undefined,
  connections: readonly Pick<ConnectionRow, "status">[],
  waitingSignIns: number,
): Badge {
  if (connections.some(({ status }) => status === "needs_sign_in")) return { text: "!", color: ATTENTION };
  if (waitingSignIns > 0) return { text: String(waitingSignIns), color: ATTENTION };
  switch (tunnel) {
    case "signed_out":
    case "replaced":
    case "update_needed":
      return { text: "!", color: ATTENTION };
    case "connecting":
      return { text: "…", color: WORKING };
    case "offline":
      return { text: "off", color: WORKING };
    default:
      return NOTHING;
  }
}
