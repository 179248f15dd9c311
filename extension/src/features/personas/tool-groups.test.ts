import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { appRow, connectionRow, personaTool, personaVersion, toolRow } from "../../test-support/rows.ts";
import { listToolGroups } from "./tool-groups.ts";

const slotId = createId("slot");
const slot = { slotId, appId: "app_gitlab", connectionId: "connection_work", prefix: "GitLab" };

test("lists one group an account, named apart only when an app has several", () => {
  const connections = [connectionRow(), connectionRow({ connectionId: "connection_home", label: "Home" })];
  const jira = appRow({ appId: "app_jira", url: "https://jira.example/mcp", name: "Atlassian" });
  const groups = listToolGroups({
    apps: [appRow(), jira],
    connections: [...connections, connectionRow({ connectionId: "connection_jira", appId: "app_jira" })],
    tools: [],
    slots: [slot],
    accepted: null,
  });
  expect(groups.map((group) => [group.title, group.account, group.slotId])).toEqual([
    ["Atlassian", null, null],
    ["GitLab", "Home", null],
    ["GitLab", "Work", slotId],
  ]);
});

test("marks tools that changed since they were approved and keeps those the app no longer lists", () => {
  const [group] = listToolGroups({
    apps: [appRow()],
    connections: [connectionRow()],
    tools: [
      toolRow("same"),
      toolRow("changed", { pin: "b".repeat(64) }),
      toolRow("gone", { present: false }),
      toolRow("old", { present: false }),
    ],
    slots: [slot],
    accepted: personaVersion({
      tools: [personaTool(slotId, "same"), personaTool(slotId, "changed"), personaTool(slotId, "gone")],
    }),
  });
  expect(group?.tools.map((tool) => [tool.originalName, tool.state, tool.approved !== null])).toEqual([
    ["changed", "changed", true],
    ["gone", "removed", false],
    ["same", "listed", false],
  ]);
});

test("lists a slot without an account here by the tools the persona has", () => {
  const groups = listToolGroups({
    apps: [],
    connections: [],
    tools: [],
    slots: [{ ...slot, connectionId: "" }],
    accepted: personaVersion({
      slots: [{ slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" }],
      tools: [personaTool(slotId, "search")],
    }),
  });
  expect(groups.map((group) => [group.title, group.source, group.tools.map((tool) => tool.state)])).toEqual([
    ["GitLab", null, ["removed"]],
  ]);
});

test("shows names and titles without hidden characters and searches in name, title and description", () => {
  const definition = {
    name: "search",
    title: "Search\u202E issues",
    description: "Finds WORK",
    inputSchema: { type: "object" as const },
  };
  const [group] = listToolGroups({
    apps: [appRow()],
    connections: [connectionRow()],
    tools: [toolRow("search", { definition })],
    slots: [],
    accepted: null,
  });
  expect(group?.tools[0]?.title).toBe("Search issues");
  expect(group?.tools[0]?.haystack).toBe("search\nsearch issues\nfinds work");
});
