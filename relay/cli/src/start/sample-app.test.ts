import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { startSampleApp } from "./sample-app.ts";

const idle = () => new AbortController().signal;

test("answers on the loopback interface only, comes back on its port, and ends when disposed", async () => {
  const first = await startSampleApp(null, idle());
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal);
  for (const { address } of others) {
    await expect(fetch(first.url.replace("127.0.0.1", address))).rejects.toThrow("fetch failed");
  }
  await first[Symbol.asyncDispose]();
  await expect(first.ended).resolves.toBe("The sample MCP server has ended.");
  await expect(fetch(first.url)).rejects.toThrow("fetch failed");

  await using second = await startSampleApp(first.port, idle());
  expect(second.url).toBe(first.url);
  await using third = await startSampleApp(first.port, idle());
  expect(third.url).not.toBe(first.url);
}, 30_000);

test("shows nothing of our environment to whoever calls its get-env tool", async () => {
  process.env["SAMPLE_APP_CANARY"] = "canary-7f3a";
  await using sample = await startSampleApp(null, idle());
  const ask = (body: unknown, session: Record<string, string> = {}) =>
    fetch(sample.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...session },
      body: JSON.stringify(body),
    });
  const clientInfo = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const begun = await ask({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const session = { "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
  await begun.text();
  await (await ask({ jsonrpc: "2.0", method: "notifications/initialized" }, session)).text();
  const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "get-env", arguments: {} } };
  const answer = await (await ask(call, session)).text();
  expect(answer).toContain("PORT");
  expect(answer).not.toContain("canary-7f3a");
  delete process.env["SAMPLE_APP_CANARY"];
}, 30_000);
