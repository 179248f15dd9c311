import { toolKey, type ToolKey } from "./draft-state.ts";
import type { MeteredTool } from "./tool-meter.ts";
import { countedFavourites, type WizardDraft } from "./wizard-draft.ts";

/** More chosen tools than this, and search mode is suggested. */
export const SEARCH_SUGGESTED_ABOVE = 40;
export const MAX_FAVOURITES = 40;

/** What the endpoint lists in search mode beside favourites, with their sizes as they are about. */
export const SEARCH_TOOLS: readonly MeteredTool[] = [
  { exposedName: "persona_find_tools", size: { characters: 900, schemaBytes: 400 } },
  { exposedName: "persona_call_tool", size: { characters: 700, schemaBytes: 300 } },
];

/** Switches search mode. Favourites are forgotten when it is switched off. */
export function setSearch(draft: WizardDraft, on: boolean): WizardDraft {
  const { search = { favourites: [] }, ...rest } = draft;
  return on ? { ...rest, search } : rest;
}

export function toggleFavourite(draft: WizardDraft, { slotId, originalName }: ToolKey): WizardDraft {
  const counted = countedFavourites(draft);
  const others = counted.filter((each) => toolKey(each) !== toolKey({ slotId, originalName }));
  const favourites = others.length < counted.length ? others : [...others, { slotId, originalName }];
  return { ...draft, search: { favourites } };
}

export const favouriteKeys = (draft: WizardDraft): ReadonlySet<string> =>
  new Set(countedFavourites(draft).map(toolKey));

/** The tools that the endpoint lists: all, or in search mode the favourites and the two that find and call the others. */
export function listedAtEndpoint(draft: WizardDraft, tools: readonly (MeteredTool & { key: string })[]): MeteredTool[] {
  if (draft.search === undefined) return [...tools];
  const favourites = favouriteKeys(draft);
  return [...SEARCH_TOOLS, ...tools.filter((tool) => favourites.has(tool.key))];
}
