import type { WaitingSignIn } from "@agent-personas/shared/api/grants";
import type { PendingSignIn } from "../oauth/interactions.ts";
import { plainText } from "../oauth/pages/plain-text.ts";

/** The client as its person's other screens show it. */
export function clientView({ name, kind, redirectHost }: PendingSignIn["client"]): WaitingSignIn["client"] {
  return { name: plainText(name, 80) || "?", redirectHost: kind === "loopback" ? "this computer" : redirectHost };
}
