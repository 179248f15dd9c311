import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { chosenSizes } from "./chosen-sizes.ts";
import { selectTools, toolKey } from "./draft-state.ts";
import { emptyDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const tool = { slotId, originalName: "look\u200B\u202E" };
const draft = selectTools(emptyDraft(), slotId, [{ originalName: tool.originalName, riskClass: "read" }], true);
const named = (names: ReadonlyMap<string, string>) =>
  chosenSizes(draft, [], names).map(({ exposedName }) => exposedName);

test("until names were asked for, what nobody can see is left out of the one that stands in", () => {
  expect(named(new Map())).toEqual(["look"]);
  expect(named(new Map([[toolKey(tool), "App_look"]]))).toEqual(["App_look"]);
});
