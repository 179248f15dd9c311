import { expect, test } from "vitest";
import { toolCap } from "./client-limits.ts";

test("a client's cap is known by how its name begins, in whatever case", () => {
  expect(["Cursor", "cursor-vscode 1.2", "Visual Studio Code", "claude-ai", "Claude Desktop"].map(toolCap)).toEqual([
    80, 80, 128, 256, 256,
  ]);
});

test("nobody is told of a cap that is not known", () => {
  expect(["claude-code", "mcp-remote", ""].map(toolCap)).toEqual([null, null, null]);
});
