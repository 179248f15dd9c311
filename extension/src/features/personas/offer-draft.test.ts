import { expect, test } from "vitest";
import { appRow, connectionRow, itemRow, toolRow } from "../../test-support/rows.ts";
import { toPersonaDraft } from "./draft-state.ts";
import { stepProblems } from "./draft-problems.ts";
import { offerPart, toggleRow } from "./toggle-row.ts";
import { listToolGroups } from "./tool-groups.ts";
import { chosenOf, flattenTree, NO_FILTER, type TreeRow } from "./tool-tree.ts";
import { emptyDraft, sameDraft, type WizardDraft } from "./wizard-draft.ts";

const listing = {
  apps: [appRow()],
  connections: [connectionRow()],
  tools: [toolRow("search")],
  items: [itemRow("resource", "notes://a"), itemRow("resource", "notes://b"), itemRow("prompt", "greet")],
  accepted: null,
};
const named = { ...emptyDraft(), name: "Notes" };

function row(draft: WizardDraft, wanted: (row: TreeRow) => boolean): TreeRow {
  const groups = listToolGroups({ ...listing, slots: draft.slots });
  const open = new Set(["connection_work", "connection_work\n\nresources", "connection_work\n\nprompts"]);
  const found = flattenTree(groups, chosenOf(draft), open, NO_FILTER).find(wanted);
  if (found === undefined) throw new Error("There is no such row.");
  return found;
}
const part = (draft: WizardDraft, name: string) => row(draft, (each) => each.kind === "part" && each.part === name);
const item = (draft: WizardDraft, id: string) => row(draft, (each) => each.kind === "item" && each.item.id === id);
const offersOf = (draft: WizardDraft) => {
  const { slots, items } = toPersonaDraft(draft) ?? { slots: [], items: [] };
  return { ...slots[0], items: (items ?? []).map(({ id }) => id) };
};

test("offers nothing of a new app, and all of a part when its row is ticked", () => {
  expect(toPersonaDraft(named)).toMatchObject({ slots: [], items: [] });
  const all = toggleRow(named, part(named, "resources"), true);
  expect(offersOf(all)).toMatchObject({ resources: "all", items: [] });
  expect(offersOf(all).prompts).toBe(undefined);
  const none = toggleRow(all, part(all, "resources"), false);
  expect(sameDraft(none, named)).toBe(true);
});

test("picks single ones, and offers nothing once the last is taken out", () => {
  const one = toggleRow(named, item(named, "notes://a"), true);
  expect(offersOf(one)).toMatchObject({ resources: "picked", items: ["notes://a"] });
  const prompt = toggleRow(one, item(one, "greet"), true);
  expect(offersOf(prompt)).toMatchObject({ resources: "picked", prompts: "picked", items: ["notes://a", "greet"] });
  const back = toggleRow(prompt, item(prompt, "notes://a"), false);
  expect(offersOf(back)).toMatchObject({ prompts: "picked", items: ["greet"] });
  expect(offersOf(back).resources).toBe(undefined);
});

test("keeps the others when one is taken out of all", () => {
  const all = toggleRow(named, part(named, "resources"), true);
  const rest = toggleRow(all, item(all, "notes://a"), false);
  expect(offersOf(rest)).toMatchObject({ resources: "picked", items: ["notes://b"] });
  const picked = part(all, "resources");
  if (picked.kind !== "part") throw new Error("not a part");
  expect(offersOf(offerPart(all, picked, "picked"))).toMatchObject({ items: ["notes://a", "notes://b"] });
});

const codes = (draft: WizardDraft) => stepProblems(draft, "tools", []).map(({ code }) => code);

test("a persona may consist of prompts and resources alone, but not of nothing", () => {
  expect(codes(named)).toEqual(["noTools"]);
  expect(codes(toggleRow(named, part(named, "prompts"), true))).toEqual([]);
  const empty = part(named, "prompts");
  if (empty.kind !== "part") throw new Error("not a part");
  expect(codes(offerPart(named, empty, "picked"))).toEqual(["noTools"]);
});
