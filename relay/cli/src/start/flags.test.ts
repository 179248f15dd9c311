import { expect, test } from "vitest";
import { readFlags } from "./flags.ts";

const folders = { caller: "/home/ada", workspace: "/opt/agent personas" };
const read = (...args: string[]) => readFlags(args, folders);

test("without flags it shows a browser, keeps its data in the workspace and connects the sample", () => {
  expect(read()).toEqual({
    headless: false,
    json: false,
    port: null,
    dataFolder: "/opt/agent personas/.data",
    appUrl: null,
    personaName: null,
    prefixing: true,
  });
});

test("takes every flag, and a leading -- that a package manager left over", () => {
  const flags = ["--headless", "--json", "--port", "5000", "--data", "my data", "--no-prefix", "--name", "Mine"];
  expect(read("--", ...flags, "--app", "http://127.0.0.1:9/mcp")).toEqual({
    headless: true,
    json: true,
    port: 5000,
    dataFolder: "/home/ada/my data",
    appUrl: "http://127.0.0.1:9/mcp",
    personaName: "Mine",
    prefixing: false,
  });
});

test.each([
  [["--colour"], "--colour"],
  [["extra"], "extra"],
  [["--port", "0"], "--port takes a number from 1 to 65535"],
  [["--port", "99999"], "--port takes a number from 1 to 65535"],
  [["--port", "abc"], "--port takes a number from 1 to 65535"],
  [["--port"], "--port"],
  [["--app", "localhost"], "--app takes the http(s) address of an MCP server"],
  [["--app", "file:///etc/passwd"], "--app takes the http(s) address of an MCP server"],
  [["--name", "  "], "--name"],
])("refuses %j in one line that names it and shows the usage", (args, part) => {
  const attempt = () => read(...args);
  expect(attempt).toThrow(part);
  expect(attempt).toThrow(/^[^\n]*Usage: npm start -- [^\n]*$/u);
});
