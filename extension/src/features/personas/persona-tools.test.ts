import { PRICE_META_KEY } from "@agent-personas/shared/persona/price";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { summarisePersona } from "./persona-summary.ts";
import { groupPersonaTools } from "./persona-tools.ts";
import { appRow, connectionRow, personaRow, personaTool, personaVersion, toolRow } from "../../test-support/rows.ts";

const slotId = createId("slot");
const version = personaVersion({
  slots: [{ slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" }],
  tools: [
    personaTool(slotId, "search", { overrides: { title: "Find things" } }),
    personaTool(slotId, "close"),
    personaTool(slotId, "drop", { riskClass: "destructive" }),
  ],
});
const { slots } = summarisePersona(personaRow(version), {
  apps: [appRow()],
  connections: [connectionRow()],
  bindings: [{ personaId: version.personaId, slotId, connectionId: "connection_work" }],
});
const rows = [toolRow("search"), toolRow("close", { pin: "b".repeat(64), riskDeclared: false })];
const show = (query: string, state: "any" | "changed" | "never" = "any") =>
  groupPersonaTools(version, slots, rows, { query, state }).flatMap((group) =>
    group.tools.map((tool) => `${tool.exposedName} ${tool.state}`),
  );

test("lists tools by name with what a call would meet now", () => {
  expect(show("")).toEqual(["GitLab_close changed", "GitLab_drop never", "GitLab_search enabled"]);
  expect(show("", "changed")).toEqual(["GitLab_close changed"]);
});

test("searches exposed name, original name and overridden title", () => {
  expect(show("gitlab_search")).toEqual(["GitLab_search enabled"]);
  expect(show("find THINGS")).toEqual(["GitLab_search enabled"]);
  expect(groupPersonaTools(version, slots, rows, { query: "nothing", state: "any" })).toEqual([]);
});

test("keeps beside a changed tool what the app lists now", () => {
  const [group] = groupPersonaTools(version, slots, rows, { query: "", state: "changed" });
  expect(group?.tools[0]?.listed).toEqual(rows[1]?.definition);
  expect(group?.tools[0]?.riskDeclared).toBe(false);
});

test("shows the owner's price, else the one that the app states", () => {
  const own = { minCents: 2, maxCents: 2, unit: "call", note: "" };
  const stated = { ...own, maxCents: 9 };
  const definition = { name: "close", inputSchema: { type: "object" as const }, _meta: { [PRICE_META_KEY]: stated } };
  const priced = personaVersion({
    ...version,
    tools: [personaTool(slotId, "close", { definition }), personaTool(slotId, "search", { definition, price: own })],
  });
  const groups = groupPersonaTools(priced, slots, [], { query: "", state: "any" });
  expect(groups[0]?.tools.map((tool) => tool.price)).toEqual([stated, own]);
});
