import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { firstProblemStep, stepProblems } from "./draft-problems.ts";
import { emptyDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const ready = {
  ...emptyDraft(),
  name: "SRE Agent",
  slots: [{ slotId, appId: "app_1", connectionId: "connection_1", prefix: "GitLab" }],
  tools: [{ slotId, originalName: "read", riskClass: "read" as const, overrides: {} }],
};
const codes = (...input: Parameters<typeof stepProblems>) => stepProblems(...input).map((problem) => problem.code);

test("lets a complete draft through every step", () => {
  for (const step of ["basics", "tools", "inbound", "review"] as const) expect(codes(ready, step, [])).toEqual([]);
  expect(firstProblemStep(ready, [])).toBe(null);
});

test("asks for a name of at most 80 characters and a description of at most 500", () => {
  expect(codes({ ...ready, name: "  " }, "basics", [])).toEqual(["nameMissing"]);
  expect(codes({ ...ready, name: "x".repeat(81), description: "y".repeat(501) }, "basics", [])).toEqual([
    "nameLong",
    "descriptionLong",
  ]);
});

test("asks for at least one tool", () => {
  expect(codes({ ...ready, tools: [] }, "tools", [])).toEqual(["noTools"]);
});

test("asks for valid prefixes of slots in use only while prefixing is on", () => {
  const unused = { slotId: createId("slot"), appId: "", connectionId: "", prefix: "" };
  const wrong = { ...ready, slots: [{ ...ready.slots[0]!, prefix: "a b" }, unused] };
  expect(stepProblems(wrong, "tools", [])).toEqual([{ field: "prefix", code: "prefixInvalid", slotId }]);
  expect(codes({ ...wrong, prefixing: false }, "tools", [])).toEqual([]);
});

test("asks to take out tools of an app that nothing serves here", () => {
  const unserved = { ...ready, slots: [{ ...ready.slots[0]!, connectionId: "" }] };
  expect(stepProblems(unserved, "tools", [])).toEqual([{ field: "tools", code: "unserved", slotId }]);
});

test("asks for a decision on each destructive tool", () => {
  const tool = { slotId, originalName: "drop", riskClass: "destructive" as const, overrides: {} };
  expect(codes({ ...ready, tools: [tool] }, "tools", [])).toEqual(["unconfirmed"]);
  expect(codes({ ...ready, tools: [{ ...tool, policy: "allow" }] }, "tools", [])).toEqual([]);
  expect(codes({ ...ready, tools: [{ ...tool, policy: "never" }] }, "tools", [])).toEqual([]);
});

test("refuses collisions only without prefixes", () => {
  expect(codes({ ...ready, prefixing: false }, "tools", ["search"])).toEqual(["collisions"]);
  expect(codes(ready, "tools", ["search"])).toEqual([]);
});

test("leads Deploy back to the first step that is not in order", () => {
  expect(firstProblemStep({ ...ready, name: "", tools: [] }, [])?.step).toBe("basics");
  expect(firstProblemStep({ ...ready, inbound: { accessKeys: false, interactive: false } }, [])?.step).toBe("inbound");
});

const modes = (accessKeys: boolean, interactive: boolean) =>
  codes({ ...ready, inbound: { accessKeys, interactive } }, "inbound", []);

test("refuses a persona without a way in and takes either or both", () => {
  expect(modes(false, false)).toEqual(["noMode"]);
  expect([modes(true, false), modes(false, true), modes(true, true)]).toEqual([[], [], []]);
});

const priced = (min: string) => ({
  ...ready,
  tools: [{ ...ready.tools[0]!, price: { min, max: "", unit: "", note: "" } }],
});

test("asks to correct a price that is none", () => {
  expect(codes(priced("cheap"), "tools", [])).toEqual(["priceWrong"]);
  expect(codes(priced("2"), "tools", [])).toEqual([]);
});

test("asks to pick no more resources and prompts than a persona can have", () => {
  const slots = ready.slots.map((slot) => ({ ...slot, resources: "picked" as const }));
  const items = Array.from({ length: 2_001 }, (_, index) => ({
    slotId,
    kind: "resource" as const,
    id: `notes://${index}`,
  }));
  expect(codes({ ...ready, slots, items }, "tools", [])).toEqual(["tooManyItems"]);
  expect(codes({ ...ready, slots, items: items.slice(1) }, "tools", [])).toEqual([]);
  expect(codes({ ...ready, items }, "tools", [])).toEqual([]);
});
