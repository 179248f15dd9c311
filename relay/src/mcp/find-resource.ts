import { AppError } from "@agent-personas/shared/errors/app-error";
import { matchesTemplate } from "@agent-personas/shared/mcp/uri-template";
import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import type { Caller } from "../deps.ts";
import { readableSlots } from "./readable-slots.ts";

/** Longest part of a caller's address that is repeated to it. */
const ECHO_LENGTH = 256;

/** Where a resource comes from, with the address as its app knows it. */
export type FoundResource = { slotId: string; uri: string };

/**
 * The app behind an exposed address: listed, made from a template, or of the one app that offers all it has.
 * @throws AppError `resource_not_in_persona`
 */
export function findResource(uri: string, caller: Caller): FoundResource {
  const found = lookUpResource(uri, caller);
  if (found === null) throw new AppError("resource_not_in_persona", { detail: { uri: uri.slice(0, ECHO_LENGTH) } });
  return found;
}

/** As `findResource`; null for what this caller has not. */
export function lookUpResource(uri: string, caller: Caller): FoundResource | null {
  const { version } = caller.persona;
  const slots = readableSlots(caller);
  // The relay's own are read before, and are of no app.
  if (BUILT_IN_URIS.has(uri)) return null;
  return findListed(uri, version, slots) ?? findMade(uri, version, slots) ?? findOther(uri, version, slots);
}

function findListed(uri: string, { resources = [] }: PersonaVersion, slots: ReadonlySet<string>): FoundResource | null {
  const listed = resources.find(({ exposedUri, slotId }) => exposedUri === uri && slots.has(slotId));
  return listed === undefined ? null : { slotId: listed.slotId, uri: listed.definition.uri };
}

function findMade(uri: string, { templates = [] }: PersonaVersion, slots: ReadonlySet<string>): FoundResource | null {
  const matching = templates.filter(
    ({ exposedTemplate, slotId }) => slots.has(slotId) && matchesTemplate(exposedTemplate, uri),
  );
  // An app whose template takes any address must not get those of another's.
  const [template] = matching.toSorted((a, b) => literalLength(b.exposedTemplate) - literalLength(a.exposedTemplate));
  if (template === undefined) return null;
  // An exposed template that is not the app's own begins with what was put before it.
  const added = template.exposedTemplate.length - template.definition.uriTemplate.length;
  return { slotId: template.slotId, uri: uri.slice(added) };
}

function findOther(uri: string, { slots }: PersonaVersion, readable: ReadonlySet<string>): FoundResource | null {
  const whole = slots.filter(({ slotId, resources }) => readable.has(slotId) && resources === "all");
  const [named, ...others] = whole.filter(({ prefix }) => uri.startsWith(`${prefix}+`));
  // Without prefixes in names several apps may have the same one, and then nobody knows which is meant.
  if (others.length > 0) return null;
  if (named !== undefined) return { slotId: named.slotId, uri: uri.slice(named.prefix.length + 1) };
  const only: Slot | undefined = whole.length === 1 ? whole[0] : undefined;
  return only === undefined ? null : { slotId: only.slotId, uri };
}

const literalLength = (template: string): number => template.replaceAll(/\{[^{}]*\}/gu, "").length;
