import { createAccessKey } from "@agent-personas/shared/oauth/access-key";
import { expect, test } from "vitest";
import { collect, startTestRelay } from "../test-support/whole-relay.ts";
import { createLog } from "./create-log.ts";

test("leaves secrets out by name and by shape, and keeps the codes of faults", async () => {
  const lines: string[] = [];
  const log = createLog("trace", collect(lines));
  const key = await createAccessKey("aaaaaa");
  log.info({
    authorization: `Bearer ${key}`,
    headers: { cookie: "session=abc" },
    request: { headers: { authorization: "s3cret" } },
  });
  log.info({ code: "abcdefghijklmnopqrstuvwxyz", recoveryCode: "qrstu" }, `seen ${key}`);
  log.warn({ code: "clock", err: Object.assign(new Error(`no ${key}`), { code: "ECONNRESET" }) });
  const text = lines.join("");
  for (const secret of [key, "session=abc", "s3cret", "abcdefghijklmnopqrstuvwxyz", "qrstu"])
    expect(text).not.toContain(secret);
  expect(text).toContain('"code":"clock"');
  expect(text).toContain("ECONNRESET");
});

test("leaves tokens out, also of a line that is made to keep it busy", () => {
  const lines: string[] = [];
  const log = createLog("info", collect(lines));
  const token = `${Buffer.from('{"alg":"ES256"}').toString("base64url")}.e30.c2ln`;
  log.warn({ err: new Error(`not ${token}`) }, `seen x-${token}, ${"eyJ".repeat(100_000)}`);
  expect(lines.join("")).not.toContain(token);
  expect(lines.join("")).toContain("[redacted]");
});

test("a key planted in header, query, path and body is nowhere in the log", async () => {
  await using relay = await startTestRelay();
  const key = await createAccessKey("aaaaaa");
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  for (const path of [`/mcp?access_token=${key}`, `/p/${key}/mcp`, `/${key}`, "/k/bot-abcdef/mcp", "/api/v1/devices"]) {
    await fetch(`${relay.url}${path}`, { method: "POST", headers, body: JSON.stringify({ code: key, method: key }) });
  }
  expect(relay.logged().split("\n").length).toBeGreaterThan(5);
  expect(relay.logged()).not.toContain(key);
  expect(relay.logged()).not.toContain(key.slice(10, 40));
});
