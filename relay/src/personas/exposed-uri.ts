import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/** How callers know a resource of an app. */
export function exposedUriOf(version: PersonaVersion, slotId: string, uri: string): string {
  const listed = version.resources?.find((each) => each.slotId === slotId && each.definition.uri === uri);
  if (listed !== undefined) return listed.exposedUri;
  const whole = version.slots.filter(({ resources }) => resources === "all");
  const slot = whole.find((each) => each.slotId === slotId);
  return slot === undefined || whole.length === 1 ? uri : `${slot.prefix}+${uri}`;
}
