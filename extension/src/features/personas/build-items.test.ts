import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { itemRow } from "../../test-support/rows.ts";
import { createDraft, createTestBrowser, createTestRelay } from "./test-support/persona-relay.ts";
import { buildItems } from "./build-items.ts";

test("what an app offers takes neither the addresses of the relay's own resources nor the names of recipes", async () => {
  const { db } = await createTestBrowser(createTestRelay());
  await db.items.bulkPut([
    itemRow("resource", "persona://guide"),
    itemRow("resource", "notes://today"),
    itemRow("prompt", "triage"),
    itemRow("prompt", "greet"),
  ]);
  const slot = {
    slotId: createId("slot"),
    prefix: "Notes",
    connectionId: "connection_work",
    resources: "all" as const,
    prompts: "all" as const,
  };
  const recipes = [{ name: "triage", description: "", text: "Look", arguments: [], tools: [] }];
  const draft = { ...createDraft(), prefixing: false, slots: [slot], recipes };
  const { resources, prompts } = await buildItems(db, draft, null);
  expect(resources?.map(({ exposedUri }) => exposedUri).toSorted()).toEqual(["Notes+persona://guide", "notes://today"]);
  const names = prompts?.map(({ exposedName }) => exposedName).toSorted() ?? [];
  expect(names).toEqual(["greet", expect.stringMatching(/^triage_[0-9a-f]{8}$/u)]);
});
