import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";

/**
 * Exposed names of the tools that passthrough callers reach: those of apps that take the callers' own credentials.
 * Without a token nobody has proved who they are, so that what listens in the owner's network is not for them.
 */
export function exposedTools({ slots, tools }: PersonaVersion, { jwt }: Passthrough): Set<string> {
  const open = new Set(
    slots
      .filter(({ usesForwardedHeaders }) => usesForwardedHeaders === true)
      .filter(({ appUrl }) => jwt !== null || classifyHost(new URL(appUrl).hostname) === "public")
      .map(({ slotId }) => slotId),
  );
  return new Set(tools.filter(({ slotId }) => open.has(slotId)).map(({ exposedName }) => exposedName));
}
