import { expect, test } from "vitest";
import { appRow, connectionRow, itemRow, toolRow } from "../../test-support/rows.ts";
import { listToolGroups } from "./tool-groups.ts";
import { chosenOf, flattenTree, NO_FILTER } from "./tool-tree.ts";
import { treeAction } from "./tree-keys.ts";
import { emptyDraft } from "./wizard-draft.ts";

const groups = listToolGroups({
  apps: [appRow(), appRow({ appId: "app_slack", url: "https://slack.example/mcp", name: "Slack" })],
  connections: [connectionRow(), connectionRow({ connectionId: "connection_slack", appId: "app_slack" })],
  tools: [toolRow("a"), toolRow("b")],
  slots: [],
  accepted: null,
});
// 0 GitLab (open), 1 a, 2 b, 3 Slack (closed)
const rows = flattenTree(groups, chosenOf(emptyDraft()), new Set(["connection_work"]), NO_FILTER);
const act = (index: number, key: string) => treeAction(rows, index, key);

test("moves up and down and stays inside", () => {
  expect(act(0, "ArrowDown")).toEqual({ kind: "focus", index: 1 });
  expect(act(3, "ArrowDown")).toEqual({ kind: "focus", index: 3 });
  expect(act(0, "ArrowUp")).toEqual({ kind: "focus", index: 0 });
  expect(act(1, "End")).toEqual({ kind: "focus", index: 3 });
  expect(act(2, "Home")).toEqual({ kind: "focus", index: 0 });
  expect(act(0, "PageDown")).toEqual({ kind: "focus", index: 3 });
});

test("opens and closes groups, enters an open one, and leads back to the group", () => {
  expect(act(3, "ArrowRight")).toEqual({ kind: "expand", index: 3 });
  expect(act(0, "ArrowRight")).toEqual({ kind: "focus", index: 1 });
  expect(act(0, "ArrowLeft")).toEqual({ kind: "collapse", index: 0 });
  expect(act(2, "ArrowLeft")).toEqual({ kind: "focus", index: 0 });
  expect(act(3, "ArrowLeft")).toBe(null);
  expect(act(1, "ArrowRight")).toBe(null);
});

test("ticks with Space and leaves other keys and unknown rows alone", () => {
  expect(act(1, " ")).toEqual({ kind: "toggle", index: 1 });
  expect(act(1, "Enter")).toBe(null);
  expect(act(9, " ")).toBe(null);
});

test("leads from an item to its part, and from there to the app", () => {
  const items = [itemRow("resource", "notes://a"), itemRow("resource", "notes://b")];
  const withItems = listToolGroups({
    apps: [appRow()],
    connections: [connectionRow()],
    tools: [],
    items,
    slots: [],
    accepted: null,
  });
  const open = new Set(["connection_work", "connection_work\n\nresources"]);
  // 0 GitLab, 1 its resources (open), 2 and 3 two of them
  const shown = flattenTree(withItems, chosenOf(emptyDraft()), open, NO_FILTER);
  expect(treeAction(shown, 1, "ArrowRight")).toEqual({ kind: "focus", index: 2 });
  expect(treeAction(shown, 3, "ArrowLeft")).toEqual({ kind: "focus", index: 1 });
  expect(treeAction(shown, 1, "ArrowLeft")).toEqual({ kind: "collapse", index: 1 });
  const closed = flattenTree(withItems, chosenOf(emptyDraft()), new Set(["connection_work"]), NO_FILTER);
  expect(treeAction(closed, 1, "ArrowRight")).toEqual({ kind: "expand", index: 1 });
  expect(treeAction(closed, 1, "ArrowLeft")).toEqual({ kind: "focus", index: 0 });
});
