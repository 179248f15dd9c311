import type { ClientFamily } from "@agent-personas/shared/mcp/client-family";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Caller } from "../deps.ts";
import { builtInTools } from "./built-in-tools.ts";
import { visibleTools } from "./visible-tools.ts";

/**
 * What a list shows: the persona's tools for this caller, or its favourites where the others are searched for, and
 * those of the relay itself.
 */
export function listedTools(caller: Caller, family: ClientFamily = "lossless"): ToolDefinition[] {
  const { version } = caller.persona;
  const favourites = version.search === undefined ? null : new Set(version.search.favourites);
  const visible = visibleTools(caller, family);
  const shown = visible.filter(({ name }) => favourites === null || favourites.has(name));
  return [...shown, ...builtInTools({ ...version, slots: slotsOf(visible, version) })].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** Of apps without a tool for this caller, it is not told. */
function slotsOf(visible: readonly ToolDefinition[], { slots, tools }: PersonaVersion): PersonaVersion["slots"] {
  const names = new Set(visible.map(({ name }) => name));
  const used = new Set(tools.filter(({ exposedName }) => names.has(exposedName)).map(({ slotId }) => slotId));
  return slots.filter(({ slotId }) => used.has(slotId));
}
