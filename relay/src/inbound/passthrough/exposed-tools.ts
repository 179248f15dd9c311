import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";

/** Exposed names of the tools that passthrough callers reach: those of apps that are open to them. */
export function exposedTools({ slots, tools }: PersonaVersion, passthrough: Passthrough): Set<string> {
  const open = new Set(slots.filter((slot) => isOpenToStrangers(slot, passthrough)).map(({ slotId }) => slotId));
  return new Set(tools.filter(({ slotId }) => open.has(slotId)).map(({ exposedName }) => exposedName));
}

/**
 * Whether an app takes the callers' own credentials. Without a token nobody has proved who they are, so that what
 * listens in the owner's network is not for them.
 */
export function isOpenToStrangers(
  { usesForwardedHeaders, appUrl }: Pick<Slot, "usesForwardedHeaders" | "appUrl">,
  passthrough: Pick<Passthrough, "jwt"> | undefined,
): boolean {
  if (passthrough === undefined || usesForwardedHeaders !== true) return false;
  return passthrough.jwt !== null || classifyHost(new URL(appUrl).hostname) === "public";
}
