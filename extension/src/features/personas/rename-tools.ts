import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import { toolKey, type ToolKey } from "./draft-state.ts";

type Named = ToolKey & Pick<PersonaTool, "exposedName">;

/** Recipes go on to name the tools they named, also where another prefix gives those other names. */
export function renameTools(recipes: readonly Recipe[], before: readonly Named[], after: readonly Named[]): Recipe[] {
  const now = new Map(after.map((tool) => [toolKey(tool), tool.exposedName]));
  const taken = new Set(now.values());
  const renamed = new Map(
    before.flatMap((tool): [string, string][] => {
      const name = now.get(toolKey(tool));
      return name === undefined || taken.has(tool.exposedName) ? [] : [[tool.exposedName, name]];
    }),
  );
  return recipes.map((recipe) => ({
    ...recipe,
    tools: [...new Set(recipe.tools.map((name) => renamed.get(name) ?? name))],
  }));
}

/** The exposed names of the favourites that are chosen tools. */
export function favouriteNames(favourites: readonly ToolKey[], tools: readonly Named[]): string[] {
  const names = new Map(tools.map((tool) => [toolKey(tool), tool.exposedName]));
  return [...new Set(favourites.flatMap((tool) => names.get(toolKey(tool)) ?? []))];
}
