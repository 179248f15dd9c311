import type { Call } from "@agent-personas/shared/tunnel/messages";

/** Names who calls, in whatever session: what is kept for a caller outlives its sessions. */
export const principalKey = ({ principal }: Call): string => `${principal.kind}:${principal.id}`;
