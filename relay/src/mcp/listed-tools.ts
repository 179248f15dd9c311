import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Caller } from "../deps.ts";
import { BUILT_IN_TOOLS } from "./built-in-tools.ts";
import { visibleTools } from "./visible-tools.ts";

/** What a list shows: the persona's tools for this caller, and those of the relay itself. */
export const listedTools = (caller: Caller): ToolDefinition[] =>
  [...visibleTools(caller), ...BUILT_IN_TOOLS].toSorted((a, b) => (a.name < b.name ? -1 : 1));
