import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { appRow, personaRow, personaTool, personaVersion } from "../../test-support/rows.ts";
import { draftOfPersona, emptyDraft, readDraft, sameDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const version = personaVersion({
  slots: [{ slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" }],
  tools: [personaTool(slotId, "b", { policy: "never" }), personaTool(slotId, "a")],
});

test("a new persona lets people sign in, takes no key and no passthrough, and deletes nothing", () => {
  const { inbound, policies } = emptyDraft();
  expect(inbound).toEqual({ accessKeys: false, interactive: true });
  expect(policies).toEqual({ read: "allow", write: "allow", destructive: "never" });
});

test("edits the accepted version with this device's app and binding", () => {
  const binding = { personaId: version.personaId, slotId, connectionId: "connection_work" };
  const draft = draftOfPersona(personaRow(version), [binding], [appRow()]);
  expect(draft.baseVersion).toBe(1);
  expect(draft.slots).toEqual([{ slotId, appId: "app_gitlab", connectionId: "connection_work", prefix: "GitLab" }]);
  expect(draft.tools).toEqual([
    { slotId, originalName: "b", riskClass: "read", policy: "never", overrides: {} },
    { slotId, originalName: "a", riskClass: "read", overrides: {} },
  ]);
});

test("leaves ids empty for a slot that nothing serves here", () => {
  const draft = draftOfPersona(personaRow(version), [], []);
  expect(draft.slots).toEqual([{ slotId, appId: "", connectionId: "", prefix: "GitLab" }]);
});

test("reads back what it stored and refuses anything else", () => {
  const draft = draftOfPersona(personaRow(version), [], []);
  expect(readDraft(structuredClone(draft))).toEqual(draft);
  expect(readDraft({ ...draft, secret: 1 })).toBe(null);
  expect(readDraft(null)).toBe(null);
});

test("calls drafts equal that differ in order, blanks and unused slots only", () => {
  const draft = draftOfPersona(personaRow(version), [], []);
  const unused = { slotId: createId("slot"), appId: "", connectionId: "", prefix: "X" };
  expect(
    sameDraft(draft, {
      ...draft,
      name: `${draft.name} `,
      slots: [unused, ...draft.slots],
      tools: draft.tools.toReversed(),
    }),
  ).toBe(true);
  expect(sameDraft(draft, { ...draft, tools: draft.tools.slice(1) })).toBe(false);
  expect(sameDraft(emptyDraft(), { ...emptyDraft(), prefixing: false })).toBe(false);
});

test("edits a tool's own price, not the one that its app states", () => {
  const price = { minCents: 1, maxCents: 2, unit: "call", note: "" };
  const priced = personaVersion({ ...version, tools: [personaTool(slotId, "a", { price })] });
  const draft = draftOfPersona(personaRow(priced), [], []);
  expect(draft.tools[0]?.price).toEqual({ min: "1", max: "2", unit: "call", note: "" });
  expect(readDraft(structuredClone(draft))).toEqual(draft);
});
