import type { ConnectionRow, StateRow } from "../db/rows.ts";

export type Badge = { text: string; color: string };

const ATTENTION = "#b42318";
const WORKING = "#667085";
const NOTHING: Badge = { text: "", color: WORKING };

/** By priority: a sign-in that is needed, a tunnel that needs the person, connecting, off, nothing. */
export function badgeOf(
  tunnel: StateRow["tunnel"] | undefined,
  connections: readonly Pick<ConnectionRow, "status">[],
): Badge {
  if (connections.some(({ status }) => status === "needs_sign_in")) return { text: "!", color: ATTENTION };
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
