import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { plainLine } from "../../lib/hidden-characters.ts";

/** The names of the apps that get the headers of passthrough callers. */
export const forwardingApps = ({ slots }: Pick<PersonaVersion, "slots">): string[] =>
  slots.filter((slot) => slot.usesForwardedHeaders === true).map((slot) => plainLine(slot.appName));
