import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { appRow, connectionRow, itemRow, personaRow, personaVersion } from "../../test-support/rows.ts";
import { filterItems, viewItems } from "./persona-items.ts";
import { viewSlots } from "./persona-summary.ts";

const slotId = createId("slot");
const pin = "c".repeat(64);
const version = personaVersion({
  slots: [
    {
      slotId,
      appUrl: "https://gitlab.example/mcp",
      appName: "GitLab",
      prefix: "GitLab",
      resources: "all",
      prompts: "all",
    },
  ],
  resources: ["notes://a", "notes://b"].map((uri) => ({
    slotId,
    exposedUri: uri,
    pin,
    definition: { uri, name: "Note", description: "A note." },
  })),
  templates: [
    { slotId, exposedTemplate: "notes://{day}", pin, definition: { uriTemplate: "notes://{day}", name: "Day" } },
  ],
  prompts: [{ slotId, exposedName: "GitLab_greet", pin, definition: { name: "greet" } }],
});
const rows = [
  itemRow("resource", "notes://a"),
  itemRow("resource", "notes://b", { present: false }),
  itemRow("template", "notes://{day}", { pin: "d".repeat(64) }),
  itemRow("prompt", "greet"),
];
const slots = viewSlots(personaRow(version), {
  apps: [appRow()],
  connections: [connectionRow()],
  bindings: [{ personaId: version.personaId, slotId, connectionId: "connection_work" }],
});
const views = viewItems(version, slots, rows);

test("shows what reading each item would meet now, and what a changed one is now", () => {
  expect(views.map(({ item, state }) => [item.kind, item.exposedName, state])).toEqual([
    ["resource", "notes://a", "enabled"],
    ["resource", "notes://b", "removed"],
    ["template", "notes://{day}", "changed"],
    ["prompt", "GitLab_greet", "enabled"],
  ]);
  expect(views.filter(({ listed }) => listed !== null).map(({ item }) => item.id)).toEqual(["notes://{day}"]);
  expect(
    viewItems(version, viewSlots(personaRow(version), { apps: [], connections: [], bindings: [] }), rows),
  ).toSatisfy((all: typeof views) => all.every(({ state }) => state === "needs_sign_in"));
});

const names = (query: string, state: "any" | "changed" = "any") =>
  filterItems(views, { query, state }).map(({ item }) => item.exposedName);

test("finds items by words of name and description, and by state", () => {
  expect(names("note. a")).toEqual(["notes://a", "notes://b"]);
  expect(names("greet")).toEqual(["GitLab_greet"]);
  expect(names("", "changed")).toEqual(["notes://{day}"]);
});
