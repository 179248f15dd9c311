import { matchesTemplate } from "../mcp/uri-template.ts";
import type { PersonaVersion } from "./persona-version.ts";

/**
 * How callers know the resources of an app: as the app does, unless two apps of the persona may have the same address.
 * Null where that is so for all of them.
 */
export function exposedUris(version: PersonaVersion, slotId: string): ((uri: string) => string) | null {
  const listed = new Map(
    version.resources?.flatMap((each) => (each.slotId === slotId ? [[each.definition.uri, each.exposedUri]] : [])),
  );
  const templates = (version.templates ?? [])
    .filter((each) => each.slotId === slotId)
    .map(({ exposedTemplate, definition: { uriTemplate } }) => ({
      uriTemplate,
      added: exposedTemplate.slice(0, exposedTemplate.length - uriTemplate.length),
    }));
  const whole = version.slots.filter(({ resources }) => resources === "all");
  const slot = whole.length > 1 ? whole.find((each) => each.slotId === slotId) : undefined;
  const same =
    slot === undefined &&
    templates.every(({ added }) => added === "") &&
    [...listed].every(([uri, exposed]) => uri === exposed);
  if (same) return null;
  return (uri) => {
    const known = listed.get(uri);
    if (known !== undefined) return known;
    const made = templates.find(({ uriTemplate }) => matchesTemplate(uriTemplate, uri));
    if (made !== undefined) return made.added + uri;
    return slot === undefined ? uri : `${slot.prefix}+${uri}`;
  };
}

/** The address by which callers know one resource of an app. */
export const exposedUriOf = (version: PersonaVersion, slotId: string, uri: string): string =>
  exposedUris(version, slotId)?.(uri) ?? uri;
