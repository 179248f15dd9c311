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
