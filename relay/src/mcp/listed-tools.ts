import type { ClientFamily } from "@agent-personas/shared/mcp/client-family";
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
  const shown = visibleTools(caller, family).filter(({ name }) => favourites === null || favourites.has(name));
  return [...shown, ...builtInTools(version)].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
