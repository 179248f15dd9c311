import { policyOf, type PersonaTool, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { ConnectionRow } from "../../db/rows.ts";

/** What a call of the tool would meet now, from the app's last answer; never a stored flag. */
export type ToolState = "enabled" | "changed" | "removed" | "needs_sign_in" | "never";

/** States in which only the person can make the app answer again. */
const WAITING: readonly AppStatus[] = ["not_connected", "needs_sign_in", "permission_missing"];

type Live = { connection: ConnectionRow | null; row: { pin: string; present: boolean } | undefined };

/** The strongest reason wins: forbidden here, gone there, not the approved tool, nobody signed in. */
export function toolState(version: PersonaVersion, tool: PersonaTool, live: Live): ToolState {
  return policyOf(version, tool) === "never" ? "never" : liveState(tool.pin, live);
}

/** The state of what was approved with this pin, as the app lists it now. */
export function liveState(pin: string, { connection, row }: Live): Exclude<ToolState, "never"> {
  if (connection === null) return "needs_sign_in";
  if (connection.toolsListedAt !== null && row?.present !== true) return "removed";
  if (row !== undefined && row.pin !== pin) return "changed";
  return WAITING.includes(connection.status) ? "needs_sign_in" : "enabled";
}
