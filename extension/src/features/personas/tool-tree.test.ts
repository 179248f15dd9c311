import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { selectTools } from "./draft-state.ts";
import { appRow, connectionRow, itemRow, toolRow } from "../../test-support/rows.ts";
import { pickItems, setOffer } from "./offer-draft.ts";
import { listToolGroups } from "./tool-groups.ts";
import { chosenOf, expansionKey, flattenTree, NO_FILTER, type TreeFilter, type TreeRow } from "./tool-tree.ts";
import { emptyDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const slots = [{ slotId, appId: "app_gitlab", connectionId: "connection_work", prefix: "GitLab" }];
const groups = listToolGroups({
  apps: [appRow(), appRow({ appId: "app_slack", url: "https://slack.example/mcp", name: "Slack" })],
  connections: [connectionRow(), connectionRow({ connectionId: "connection_slack", appId: "app_slack" })],
  tools: [
    toolRow("create_issue", { riskClass: "write" }),
    toolRow("delete_issue", { riskClass: "destructive" }),
    toolRow("list_issues"),
    toolRow("search", { connectionId: "connection_slack" }),
  ],
  slots,
  accepted: null,
});
const draft = { ...emptyDraft(), slots };
const chosen = chosenOf(selectTools(draft, slotId, [{ originalName: "list_issues", riskClass: "read" }], true));
const show = (filter: Partial<TreeFilter>, expanded: string[] = []) =>
  flattenTree(groups, chosen, new Set(expanded), { ...NO_FILTER, ...filter }).map(textOf);

function textOf(row: TreeRow): string {
  switch (row.kind) {
    case "group":
      return `${row.group.title} ${row.selection} ${row.selected}/${row.matching.length}`;
    case "tool":
      return row.tool.label;
    case "part":
      return `${row.part} ${row.offer} ${row.selection} ${row.selected}/${row.matching.length}`;
    case "item":
      return `${row.item.label}${row.offered ? " offered" : ""}`;
  }
}

test("shows closed groups with a checkbox of three states", () => {
  expect(show({})).toEqual(["GitLab some 1/3", "Slack none 0/1"]);
});

test("shows the tools of an open group with position and number of siblings", () => {
  expect(show({}, ["connection_slack"])).toEqual(["GitLab some 1/3", "Slack none 0/1", "search"]);
  const last = flattenTree(groups, chosen, new Set(["connection_work"]), NO_FILTER)[3];
  expect(last).toMatchObject({ kind: "tool", position: 3, siblings: 3, chosen: { originalName: "list_issues" } });
});

test("opens what a search finds, leaves out groups without a match, and can be closed", () => {
  expect(show({ query: "ISSUE list" })).toEqual(["GitLab all 1/1", "list_issues"]);
  const closed = expansionKey({ key: groups[0]!.groupId }, { ...NO_FILTER, query: "issue" });
  expect(show({ query: "issue" }, [closed])).toEqual(["GitLab some 1/3"]);
});

test("filters by risk class and by what is ticked", () => {
  expect(show({ riskClass: "destructive" })).toEqual(["GitLab none 0/1", "delete_issue"]);
  expect(show({ selectedOnly: true })).toEqual(["GitLab all 1/1", "list_issues"]);
});

test("filters by the class that the person gave a ticked tool", () => {
  const own = chosenOf(selectTools(draft, slotId, [{ originalName: "list_issues", riskClass: "write" }], true));
  const rows = flattenTree(groups, own, new Set(), { ...NO_FILTER, riskClass: "read" });
  expect(rows.map((row) => row.group.title)).toEqual(["Slack", "Slack"]);
});

test("answers a keystroke over 1,000 tools within a frame", () => {
  const many = listToolGroups({
    apps: [appRow()],
    connections: [connectionRow()],
    tools: Array.from({ length: 1_000 }, (_, index) =>
      toolRow(`tool_${index}`, {
        definition: { name: `tool_${index}`, description: "word ".repeat(200), inputSchema: { type: "object" } },
      }),
    ),
    slots,
    accepted: null,
  });
  const filter = { ...NO_FILTER, query: "tool_99 word" };
  flattenTree(many, chosen, new Set(), filter);
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    expect(flattenTree(many, chosen, new Set(), filter)).toHaveLength(12);
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  expect(times[4]).toBeLessThan(16);
});

const listing = { apps: [appRow()], connections: [connectionRow()], tools: [toolRow("list_issues")], accepted: null };
const withItems = listToolGroups({
  ...listing,
  items: [itemRow("resource", "notes://today"), itemRow("template", "notes://{day}"), itemRow("prompt", "summarise")],
  slots,
});

const rowsOf = (open: string[]) => flattenTree(withItems, chosen, new Set(["connection_work", ...open]), NO_FILTER);

test("lists resources and prompts of an app before its tools, each part closed until it is opened", () => {
  const closed = rowsOf([]);
  expect(closed.map(textOf)).toEqual([
    "GitLab all 1/1",
    "resources none none 0/2",
    "prompts none none 0/1",
    "list_issues",
  ]);
  const opened = rowsOf([closed[1]!.key]);
  expect(opened.slice(2, 4).map(textOf)).toEqual(["notes://{day}", "notes://today"]);
  expect(opened[1]).toMatchObject({ position: 1, siblings: 3, level: 2 });
  expect(opened.at(-1)).toMatchObject({ kind: "tool", position: 3, siblings: 3 });
});

test("marks what is picked of a part, and all of it where all is offered", () => {
  const picked = pickItems(
    { ...draft, items: [] },
    { slotId, part: "resources" },
    { keys: [{ kind: "resource", id: "notes://today" }], all: [], picked: true },
  );
  const filter = { ...NO_FILTER, query: "notes" };
  expect(flattenTree(withItems, chosenOf(picked), new Set(), filter).map(textOf)).toEqual([
    "GitLab none 0/0",
    "resources picked some 1/2",
    "notes://{day}",
    "notes://today offered",
  ]);
  const all = chosenOf(setOffer(draft, slotId, "prompts", "all"));
  expect(flattenTree(withItems, all, new Set(), { ...NO_FILTER, selectedOnly: true }).map(textOf)).toEqual([
    "GitLab none 0/0",
    "prompts all all 1/1",
    "summarise offered",
  ]);
});
