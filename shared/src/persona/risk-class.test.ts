import { expect, test } from "vitest";
import { classifyRisk } from "./risk-class.ts";

const tool = (name: string, annotations?: Record<string, boolean>) => ({
  name,
  inputSchema: { type: "object" as const },
  ...(annotations === undefined ? {} : { annotations }),
});

test.each([
  ["search", { readOnlyHint: true }, "read", true],
  ["search", { readOnlyHint: true, destructiveHint: true }, "read", true],
  ["drop", { destructiveHint: true }, "destructive", true],
  ["create", { destructiveHint: false }, "write", true],
  ["create", {}, "write", false],
  ["delete_issue", {}, "destructive", false],
  ["removeMember", {}, "destructive", false],
  ["delete_draft", { destructiveHint: false }, "write", true],
  ["undelete", {}, "write", false],
])("%s with %j is %s", (name, annotations, riskClass, declared) => {
  expect(classifyRisk(tool(name, annotations))).toEqual({ riskClass, declared });
});

test("a tool without annotations is write, not declared", () => {
  expect(classifyRisk(tool("send"))).toEqual({ riskClass: "write", declared: false });
});
