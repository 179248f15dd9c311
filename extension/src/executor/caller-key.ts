import type { Call } from "@agent-personas/shared/tunnel/messages";

/** Names the one caller whose session at an app a call may use: never another persona's, key's or client's. */
export function callerKey({ personaId, principal, session }: Call): string {
  return JSON.stringify([personaId, principal.kind, principal.id, session ?? principal.client, session === null]);
}

/** Names who calls, in whatever session: what is kept for a caller outlives its sessions. */
export const principalKey = ({ principal }: Call): string => `${principal.kind}:${principal.id}`;
