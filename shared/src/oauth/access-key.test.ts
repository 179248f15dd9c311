import { expect, test } from "vitest";
import { createAccessKey, createRelayId, keyHints, readAccessKey } from "./access-key.ts";

test("a key has the documented form and carries the relay's id", async () => {
  const relayId = createRelayId();
  const key = await createAccessKey(relayId);
  expect(key).toMatch(/^ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/u);
  expect(await readAccessKey(key)).toEqual({ relayId });
});

test("a mistyped key fails its checksum", async () => {
  const key = await createAccessKey("abc123");
  const swapped = key.replace(
    /^(ap_abc123_.)(.)(.)/u,
    (_, head: string, a: string, b: string) => `${head}${b}${a === b ? "x" : a}`,
  );
  expect(swapped === key ? null : await readAccessKey(swapped)).toBeNull();
  expect(await readAccessKey(`${key}x`)).toBeNull();
  expect(await readAccessKey("ap_abc123_short_abcdef")).toBeNull();
});

test("two keys are never the same", async () => {
  const keys = await Promise.all(Array.from({ length: 200 }, () => createAccessKey("abc123")));
  expect(new Set(keys).size).toBe(200);
});

test("the hints keep nine characters and the last four", async () => {
  const key = await createAccessKey("abc123");
  expect(keyHints(key)).toEqual({ prefix: "ap_abc123", last4: key.slice(-4) });
});
