import type { RelayDeps } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";

/** Marks the credential as used, by the client that it is used with; nothing is kept of a passthrough caller. */
export function noteUse(usage: RelayDeps["usage"], principal: Principal, client: string): void {
  if (principal.kind === "key") usage.keyUsed(principal.id, client);
  else if (principal.kind === "grant") usage.grantUsed(principal.id);
}
