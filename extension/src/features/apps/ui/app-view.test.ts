import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { expect, test } from "vitest";
import type { AppRow, ConnectionRow, ToolRow } from "../../../db/rows.ts";
import { matchesTool, summariseApps, worstStatus } from "./app-view.ts";

const app = (appId: string, name: string): AppRow => ({
  appId,
  name,
  url: `https://${appId}.example/mcp`,
  credential: "oauth",
  server: null,
  protocol: null,
  addedAt: 0,
});

const connection = (connectionId: string, appId: string, status: ConnectionRow["status"]): ConnectionRow => ({
  connectionId,
  appId,
  label: "Work",
  status,
  problem: null,
  statusAt: 0,
  issuer: null,
  scopes: [],
  expiresAt: null,
  headerNames: [],
  missingOrigins: [],
  toolsListedAt: null,
  createdAt: 0,
});

const persona = (personaId: string, name: string) => {
  const accepted: PersonaVersion = {
    format: 1,
    personaId,
    version: 1,
    deviceId: "device",
    savedAt: 0,
    name,
    description: "",
    audience: "me",
    status: "active",
    inbound: { accessKeys: true },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [],
    tools: [],
  };
  return { personaId, accepted };
};

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
  const tool: ToolRow = {
    connectionId: "connection_1",
    name: "search_issues",
    definition: { name: "search_issues", description: "Finds tickets by text", inputSchema: { type: "object" } },
    pin: "",
    riskClass: "read",
    riskDeclared: true,
    present: true,
  };
  expect(matchesTool(tool, "Issues ticket")).toBe(true);
  expect(matchesTool(tool, "")).toBe(true);
  expect(matchesTool(tool, "issues merge")).toBe(false);
});
