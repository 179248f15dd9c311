import { expect, test } from "vitest";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { appRow, connectionRow, personaRow, personaVersion, toolRow } from "../../../test-support/rows.ts";
import { matchesTool, summariseApps, worstStatus } from "./app-view.ts";

const app = (appId: string, name: string): AppRow => appRow({ appId, name });

const connection = (connectionId: string, appId: string, status: ConnectionRow["status"]): ConnectionRow =>
  connectionRow({ connectionId, appId, status });

const persona = (personaId: string, name: string) => personaRow(personaVersion({ personaId, name }));

test("apps come by name with their most urgent status, tools and the personas that use them, each once", () => {
  const [first, second] = summariseApps({
    apps: [app("app_b", "Jira"), app("app_a", "GitLab")],
    connections: [
      connection("connection_1", "app_a", "connected"),
      connection("connection_2", "app_a", "needs_sign_in"),
      connection("connection_3", "app_b", "connected"),
    ],
    bindings: [
      { personaId: "persona_1", slotId: "slot_1", connectionId: "connection_1" },
      { personaId: "persona_1", slotId: "slot_2", connectionId: "connection_2" },
      { personaId: "persona_gone", slotId: "slot_1", connectionId: "connection_1" },
    ],
    personas: [persona("persona_1", "SRE Agent")],
    toolCounts: new Map([["connection_1", 12]]),
  });
  expect(first).toMatchObject({ app: { name: "GitLab" }, status: "needs_sign_in", tools: 12 });
  expect(first?.personas).toEqual([{ personaId: "persona_1", name: "SRE Agent" }]);
  expect(second).toMatchObject({ app: { name: "Jira" }, status: "connected", tools: 0, personas: [] });
});

test("an account never connected does not speak for an app that works", () => {
  const never = { status: "not_connected" } as const;
  expect(worstStatus([never, { status: "connected" }])).toBe("connected");
  expect(worstStatus([never, { status: "unreachable" }])).toBe("unreachable");
  expect(worstStatus([never])).toBe("not_connected");
});

test("an app without connections has no status", () => {
  expect(worstStatus([])).toBeNull();
});

test("a search finds a tool when each word is in its name, title or description", () => {
  const tool = toolRow("search_issues", {
    definition: { name: "search_issues", description: "Finds tickets by text", inputSchema: { type: "object" } },
  });
  expect(matchesTool(tool, "Issues ticket")).toBe(true);
  expect(matchesTool(tool, "")).toBe(true);
  expect(matchesTool(tool, "issues merge")).toBe(false);
});
