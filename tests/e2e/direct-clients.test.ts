import { expect, test } from "vitest";
import { connectMcpRemote, connectV1, connectV2, runInspector } from "../support/clients.ts";
import { startPlainApp } from "../support/plain-app.ts";

// The flows compare what these clients get through everything with what they get here, directly.

test("the four clients reach an MCP server by static header, each with its own request", async () => {
  await using app = await startPlainApp({ header: { name: "Authorization", value: "Bearer ap_test" } });
  const endpoint = { url: app.url, accessKey: "ap_test" };
  const call = { name: "add", arguments: { a: 2, b: 3 } };
  const expected = { structuredContent: { sum: 5 } };

  await using modern = await connectV2(endpoint);
  expect(await modern.client.callTool(call)).toMatchObject(expected);
  await using legacy = await connectV2(endpoint, "legacy");
  expect(await legacy.client.callTool(call)).toMatchObject(expected);
  await using old = await connectV1(endpoint);
  expect(await old.client.callTool(call)).toMatchObject(expected);
  const inspector = ["--method", "tools/call", "--tool-name", "add", "--tool-arg", "a=2", "--tool-arg", "b=3"];
  expect(await runInspector(endpoint, inspector)).toMatchObject(expected);
  await using remote = await connectMcpRemote(endpoint);
  expect(await remote.client.callTool(call)).toMatchObject(expected);

  expect(app.executions.finished.get("add")).toBe(5);
}, 120_000);
