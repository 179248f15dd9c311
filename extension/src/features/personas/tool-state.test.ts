import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { connectionRow, personaTool, personaVersion, toolRow } from "../../test-support/rows.ts";
import { toolState } from "./tool-state.ts";

const version = personaVersion();
const tool = personaTool(createId("slot"), "search");
const row = toolRow("search");
const connection = connectionRow();

test("is enabled while the app lists the approved definition to someone signed in", () => {
  expect(toolState(version, tool, { connection, row })).toBe("enabled");
  expect(toolState(version, tool, { connection: connectionRow({ status: "unreachable" }), row })).toBe("enabled");
});

test("is changed when the pin differs and removed when the app stopped listing it", () => {
  expect(toolState(version, tool, { connection, row: { ...row, pin: "b".repeat(64) } })).toBe("changed");
  expect(toolState(version, tool, { connection, row: { ...row, present: false } })).toBe("removed");
  expect(toolState(version, tool, { connection, row: undefined })).toBe("removed");
});

test("needs a sign-in without connection, session or permission", () => {
  expect(toolState(version, tool, { connection: null, row: undefined })).toBe("needs_sign_in");
  for (const status of ["needs_sign_in", "not_connected", "permission_missing"] as const) {
    expect(toolState(version, tool, { connection: connectionRow({ status }), row })).toBe("needs_sign_in");
  }
  const unlisted = connectionRow({ toolsListedAt: null, status: "not_connected" });
  expect(toolState(version, tool, { connection: unlisted, row: undefined })).toBe("needs_sign_in");
});

test("is never when the policy says so, and when a destructive tool is not confirmed", () => {
  const live = { connection, row };
  expect(toolState(version, { ...tool, policy: "never" }, live)).toBe("never");
  expect(toolState(version, { ...tool, riskClass: "destructive" }, live)).toBe("never");
  expect(toolState(version, { ...tool, riskClass: "destructive", policy: "allow" }, live)).toBe("enabled");
});
