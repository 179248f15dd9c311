import { matchesTemplate } from "../mcp/uri-template.ts";
import type { PersonaVersion } from "./persona-version.ts";

/** How callers know a resource of an app: as the app does, unless two apps of the persona may have the same address. */
export function exposedUriOf(version: PersonaVersion, slotId: string, uri: string): string {
  const listed = version.resources?.find((each) => each.slotId === slotId && each.definition.uri === uri);
  if (listed !== undefined) return listed.exposedUri;
  const made = version.templates?.find(
    (each) => each.slotId === slotId && matchesTemplate(each.definition.uriTemplate, uri),
  );
  if (made !== undefined) {
    const { exposedTemplate, definition } = made;
    return exposedTemplate.slice(0, exposedTemplate.length - definition.uriTemplate.length) + uri;
  }
  const whole = version.slots.filter(({ resources }) => resources === "all");
  const slot = whole.find((each) => each.slotId === slotId);
  return slot === undefined || whole.length === 1 ? uri : `${slot.prefix}+${uri}`;
}
