import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { ConnectionRow } from "../../db/rows.ts";
import { appRow, connectionRow, personaRow, personaTool, personaVersion, toolRow } from "../../test-support/rows.ts";
import { whyMissing, type CallerReach } from "./missing-tool.ts";
import { viewSlots } from "./persona-summary.ts";

const slotId = createId("slot");
const version = personaVersion({
  slots: [{ slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" }],
  tools: ["search", "changed", "gone"].map((name) => personaTool(slotId, name)),
});
const rows = [
  toolRow("search"),
  toolRow("changed", { pin: "b".repeat(64) }),
  toolRow("gone", { present: false }),
  toolRow("unselected"),
  toolRow("former", { present: false }),
];

function ask(
  name: string,
  changes: { version?: Partial<PersonaVersion>; connection?: Partial<ConnectionRow>; callers?: CallerReach[] } = {},
) {
  const accepted = { ...version, ...changes.version };
  const slots = viewSlots(personaRow(accepted), {
    apps: [appRow()],
    connections: [connectionRow(changes.connection)],
    bindings: [{ personaId: version.personaId, slotId, connectionId: "connection_work" }],
  });
  return whyMissing(name, { version: accepted, slots, tools: rows, callers: changes.callers ?? [] });
}
const reasons = (...asked: Parameters<typeof ask>) => ask(...asked).map(({ reason }) => reason);

test.each([
  ["GitLab_search", "ready"],
  ["gitlab_SEARCH ", "ready"],
  ["search", "ready"],
  ["GitLab_changed", "changed"],
  ["gone", "removed"],
  ["unselected", "not_selected"],
  ["GitLab_unselected", "not_selected"],
  ["former", "gone"],
  ["elsewhere", "unknown"],
])("%s is %s", (name, reason) => {
  expect(reasons(name)).toEqual([reason]);
});

test("nothing is answered before something is asked", () => {
  expect(ask("  ")).toEqual([]);
});

test("a name that nobody has is answered with the nearest ones", () => {
  expect(ask("gitlab_serach_search")).toEqual([
    { name: "gitlab_serach_search", reason: "unknown", nearest: ["GitLab_search", "GitLab_changed", "GitLab_gone"] },
  ]);
});

test("a paused persona, a policy and an app without its person are reasons", () => {
  expect(reasons("GitLab_search", { version: { status: "paused" } })).toEqual(["paused"]);
  expect(reasons("GitLab_search", { connection: { status: "needs_sign_in" } })).toEqual(["needs_sign_in"]);
  const never = [personaTool(slotId, "search", { policy: "never" })];
  expect(reasons("GitLab_search", { version: { tools: never } })).toEqual(["never"]);
});

test("a tool that is there names the callers that may not use it", () => {
  const callers: CallerReach[] = [
    { name: "Whole", scopes: ["read"], tools: null },
    { name: "Narrow", scopes: ["read"], tools: ["GitLab_gone"] },
    { name: "Writer", scopes: ["write"], tools: null },
  ];
  expect(ask("GitLab_search", { callers })).toMatchObject([{ outside: ["Narrow", "Writer"], searched: false }]);
});

test("a tool that search mode does not list, and one that a client's cap cuts off, are told", () => {
  const search = { favourites: ["GitLab_gone"] };
  expect(ask("GitLab_search", { version: { search } })).toMatchObject([{ searched: true, capped: [] }]);
  expect(ask("GitLab_search", { version: { search: { favourites: ["GitLab_search"] } } })).toMatchObject([
    { searched: false },
  ]);
  const many = Array.from({ length: 90 }, (_, index) => personaTool(slotId, `a_${index + 10}`));
  const tools = [...many, personaTool(slotId, "search")];
  expect(ask("GitLab_search", { version: { tools } })).toMatchObject([{ capped: ["Cursor (older)", "Cursor"] }]);
});
