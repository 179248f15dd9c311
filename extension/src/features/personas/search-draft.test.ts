import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { selectTools, toolKey, toPersonaDraft } from "./draft-state.ts";
import { favouriteKeys, listedAtEndpoint, setSearch, toggleFavourite } from "./search-draft.ts";
import { emptyDraft, sameDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const choices = ["a", "b"].map((originalName) => ({ originalName, riskClass: "read" as const }));
const slots = [{ slotId, appId: "app_1", connectionId: "connection_1", prefix: "Notes" }];
const draft = selectTools({ ...emptyDraft(), name: "Notes", slots }, slotId, choices, true);
const sizes = choices.map(({ originalName }) => ({
  key: toolKey({ slotId, originalName }),
  exposedName: `Notes_${originalName}`,
  size: { characters: 1, schemaBytes: 1 },
}));
const listed = (of: typeof draft) => listedAtEndpoint(of, sizes).map(({ exposedName }) => exposedName);

test("without search mode the endpoint lists all tools, with it the favourites and two that find and call the others", () => {
  expect(listed(draft)).toEqual(["Notes_a", "Notes_b"]);
  const on = toggleFavourite(setSearch(draft, true), { slotId, originalName: "b" });
  expect(listed(on)).toEqual(["persona_find_tools", "persona_call_tool", "Notes_b"]);
  expect(toPersonaDraft(on)?.search).toEqual({ favourites: [{ slotId, originalName: "b" }] });
});

test("a favourite goes when it is pressed again, when its tool is taken out, and with search mode", () => {
  const key = { slotId, originalName: "b" };
  const on = toggleFavourite(setSearch(draft, true), key);
  expect([...favouriteKeys(toggleFavourite(on, key))]).toEqual([]);
  const without = selectTools(on, slotId, [choices[1]!], false);
  expect(toPersonaDraft(without)?.search).toEqual({ favourites: [] });
  expect(sameDraft(setSearch(on, false), draft)).toBe(true);
  expect(sameDraft(on, draft)).toBe(false);
});
