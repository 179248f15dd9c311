import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import {
  ensureSlot,
  needsConfirmation,
  prefixProblem,
  selectTools,
  setSlotPrefix,
  setToolPolicy,
  setToolPrice,
  setToolRisk,
  toolKey,
  toPersonaDraft,
} from "./draft-state.ts";
import { emptyDraft } from "./wizard-draft.ts";

const work = { appId: "app_1", connectionId: "connection_work", appName: "GitLab", label: "Work" };
const home = { appId: "app_1", connectionId: "connection_home", appName: "GitLab", label: "Home" };
const read = (originalName: string) => ({ originalName, riskClass: "read" as const });

test("makes one slot a connection, with the app's name as prefix", () => {
  const [first, slotId] = ensureSlot(emptyDraft(), work);
  const [again, sameId] = ensureSlot(first, work);
  expect(first.slots).toEqual([{ slotId, appId: "app_1", connectionId: "connection_work", prefix: "GitLab" }]);
  expect(again).toBe(first);
  expect(sameId).toBe(slotId);
});

test("gives a second account of an app a slot of its own under another prefix", () => {
  const [first] = ensureSlot(emptyDraft(), work);
  const [both] = ensureSlot(first, home);
  expect(both.slots.map((slot) => slot.prefix)).toEqual(["GitLab", "GitLab-Home"]);
});

test("finds valid prefixes for sixty accounts of one label", () => {
  let draft = emptyDraft();
  for (let index = 0; index < 60; index += 1) {
    [draft] = ensureSlot(draft, {
      ...work,
      connectionId: `connection_${index}`,
      appName: "An app with a very long name",
    });
  }
  const prefixes = new Set(draft.slots.map((slot) => slot.prefix.toLowerCase()));
  expect(prefixes.size).toBe(60);
  expect([...prefixes].every((prefix) => /^[a-z0-9-]{1,24}$/u.test(prefix))).toBe(true);
});

test("ticks and unticks tools of one slot only and keeps what was set before", () => {
  const [withSlot, slotId] = ensureSlot(emptyDraft(), work);
  const [both, otherId] = ensureSlot(withSlot, home);
  let draft = selectTools(both, slotId, [read("a")], true);
  draft = setToolPolicy(draft, { slotId, originalName: "a" }, "never");
  draft = selectTools(draft, slotId, [read("a"), read("b")], true);
  draft = selectTools(draft, otherId, [read("a")], true);
  expect(draft.tools.map((tool) => [tool.originalName, tool.policy])).toEqual([
    ["a", "never"],
    ["b", undefined],
    ["a", undefined],
  ]);
  draft = selectTools(draft, slotId, [read("a"), read("b")], false);
  expect(draft.tools).toEqual([{ slotId: otherId, originalName: "a", riskClass: "read", overrides: {} }]);
});

test("asks again for a destructive tool whose class was changed after it was confirmed", () => {
  const [withSlot, slotId] = ensureSlot(emptyDraft(), work);
  const key = { slotId, originalName: "drop" };
  let draft = selectTools(withSlot, slotId, [{ originalName: "drop", riskClass: "destructive" }], true);
  expect(draft.tools.some(needsConfirmation)).toBe(true);
  draft = setToolPolicy(draft, key, "allow");
  expect(draft.tools.some(needsConfirmation)).toBe(false);
  draft = setToolRisk(setToolRisk(draft, key, "write"), key, "destructive");
  expect(draft.tools.some(needsConfirmation)).toBe(true);
});

test("names what is wrong with a prefix", () => {
  const [withSlot, slotId] = ensureSlot(emptyDraft(), work);
  const [both, otherId] = ensureSlot(withSlot, home);
  const draft = selectTools(both, otherId, [read("a")], true);
  const problem = (prefix: string) => {
    const changed = setSlotPrefix(draft, slotId, prefix);
    const slot = changed.slots.find((candidate) => candidate.slotId === slotId);
    return slot === undefined ? "gone" : prefixProblem(changed, slot);
  };
  expect(problem("Git")).toBe(null);
  expect(problem("Git_Lab")).toBe("invalid");
  expect(problem("")).toBe("invalid");
  expect(problem("Persona")).toBe("reserved");
  expect(problem("gitlab-HOME")).toBe("taken");
});

test("sends only slots that have tools, and nothing while a text is not valid", () => {
  const [withSlot, slotId] = ensureSlot(emptyDraft(), work);
  const [both] = ensureSlot(withSlot, home);
  const draft = { ...selectTools(both, slotId, [read("a")], true), name: "  SRE Agent " };
  expect(toPersonaDraft(draft)?.slots.map((slot) => slot.slotId)).toEqual([slotId]);
  expect(toPersonaDraft(draft)?.name).toBe("SRE Agent");
  const pin = "a".repeat(64);
  expect(
    toPersonaDraft(draft, { tools: new Map([[toolKey({ slotId, originalName: "a" }), pin]]) })?.tools[0]?.pin,
  ).toBe(pin);
  expect(toPersonaDraft({ ...draft, name: " " })).toBe(null);
  expect(toPersonaDraft(setSlotPrefix(draft, slotId, "a_b"))).toBe(null);
});

test("keeps other slots as they are when one prefix is set", () => {
  const slotId = createId("slot");
  const draft = { ...emptyDraft(), slots: [{ slotId, appId: "", connectionId: "", prefix: "A" }] };
  expect(setSlotPrefix(draft, createId("slot"), "B")).toEqual(draft);
});

test("sends a tool's price once it is one, and takes it away again", () => {
  const [withSlot, slotId] = ensureSlot(emptyDraft(), work);
  const key = { slotId, originalName: "a" };
  const draft = { ...selectTools(withSlot, slotId, [read("a")], true), name: "SRE Agent" };
  const priced = (min: string) => setToolPrice(draft, key, { min, max: "3", unit: "page", note: "" });
  expect(toPersonaDraft(priced("1"))?.tools[0]?.price).toEqual({ minCents: 1, maxCents: 3, unit: "page", note: "" });
  expect(toPersonaDraft(priced("4"))).toBe(null);
  expect(toPersonaDraft(setToolPrice(priced("1"), key, undefined))?.tools[0]).not.toHaveProperty("price");
});
