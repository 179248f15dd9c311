import type { Caller } from "../deps.ts";

/** Slots whose resources and prompts a caller may read: it needs the scope, and a key no narrower than the persona. */
export function readableSlots({ persona, principal }: Caller): ReadonlySet<string> {
  const narrowed = principal.kind === "key" && principal.tools !== null;
  if (narrowed || !principal.scopes.includes("read")) return new Set();
  const open = persona.version.slots.filter(
    ({ usesForwardedHeaders }) => principal.kind !== "external" || usesForwardedHeaders === true,
  );
  return new Set(open.map(({ slotId }) => slotId));
}
