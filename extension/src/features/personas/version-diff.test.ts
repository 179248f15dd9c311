import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { personaTool, personaVersion } from "../../test-support/rows.ts";
import { diffVersions } from "./version-diff.ts";

const slotId = createId("slot");
const slot = { slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" };
const before = personaVersion({ slots: [slot], tools: [personaTool(slotId, "a"), personaTool(slotId, "b")] });

test("finds nothing between equal versions", () => {
  expect(diffVersions(before, { ...before, version: 2, savedAt: 2 })).toEqual([]);
});

test("names every tool that comes, goes or changes", () => {
  const after = {
    ...before,
    tools: [
      personaTool(slotId, "a", { pin: "b".repeat(64), riskClass: "destructive", policy: "allow" }),
      personaTool(slotId, "c", { policy: "never" }),
    ],
  };
  expect(diffVersions(before, after)).toEqual([
    { kind: "tool_redefined", exposedName: "GitLab_a", app: "GitLab" },
    { kind: "tool_risk", exposedName: "GitLab_a", before: "read", after: "destructive" },
    { kind: "tool_added", exposedName: "GitLab_c", app: "GitLab" },
    { kind: "tool_removed", exposedName: "GitLab_b", app: "GitLab" },
  ]);
});

test("names a policy that is loosened by the class as much as by the tool", () => {
  const paused = { ...before, policies: { ...before.policies, read: "never" as const } };
  expect(diffVersions(paused, before).map((change) => change.kind)).toEqual(["tool_policy", "tool_policy"]);
});

test("names new texts, modes and an app's other address", () => {
  const after = {
    ...before,
    name: "Other",
    inbound: { accessKeys: false, interactive: true },
    slots: [{ ...slot, appUrl: "https://evil.example/mcp" }],
  };
  expect(diffVersions(before, after).map((change) => change.kind)).toEqual([
    "name",
    "interactive",
    "accessKeys",
    "address",
  ]);
});
