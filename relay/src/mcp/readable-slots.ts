import { isOpenToStrangers } from "../inbound/passthrough/exposed-tools.ts";
import type { Caller } from "../deps.ts";

/**
 * Slots whose resources and prompts a caller may read: it needs the scope, and a key no narrower than the persona,
 * also where that key was pasted to sign in.
 */
export function readableSlots({ persona, principal }: Caller): ReadonlySet<string> {
  const narrowed = principal.keyId !== null && principal.tools !== null;
  if (narrowed || !principal.scopes.includes("read")) return new Set();
  const { slots, inbound } = persona.version;
  const open = slots.filter((slot) => principal.kind !== "external" || isOpenToStrangers(slot, inbound.passthrough));
  return new Set(open.map(({ slotId }) => slotId));
}
