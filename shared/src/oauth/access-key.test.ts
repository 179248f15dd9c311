import { expect, test } from "vitest";
import { toBase62 } from "../primitives/random.ts";
import { sha256 } from "../primitives/sha256.ts";
import { createAccessKey, createRelayId, isAccessKey, keyHints } from "./access-key.ts";

test("a key has the documented form and carries the relay's id", async () => {
  const relayId = createRelayId();
  const key = await createAccessKey(relayId);
  expect(key).toMatch(/^ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/u);
  expect(key.split("_")[1]).toBe(relayId);
  expect(isAccessKey(key)).toBe(true);
  for (const other of [`${key}x`, ` ${key}`, key.replace("ap_", "pa_"), "ap_abc123_short_abcdef"]) {
    expect(isAccessKey(other)).toBe(false);
  }
});

test("its last part is made of the SHA-256 of the rest, so that a scanner knows it from what looks like it", async () => {
  const key = await createAccessKey("abc123");
  const body = key.slice(0, key.lastIndexOf("_"));
  expect(key).toBe(`${body}_${toBase62(await sha256(body), 6)}`);
});

test("two keys are never the same", async () => {
  const keys = await Promise.all(Array.from({ length: 200 }, () => createAccessKey("abc123")));
  expect(new Set(keys).size).toBe(200);
});

test("the hints keep nine characters and the last four", async () => {
  const key = await createAccessKey("abc123");
  expect(keyHints(key)).toEqual({ prefix: "ap_abc123", last4: key.slice(-4) });
});
