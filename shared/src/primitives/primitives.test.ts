import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { keyFingerprint } from "./fingerprint.ts";
import { createId, idSchema } from "./id.ts";
import { createSlug, slugSchema } from "./slug.ts";

test("ids of one prefix sort by the time they were made", () => {
  const ids = [1_700_000_000_000, 1_800_000_000_000, 4_000_000_000_000].map((time) => createId("call", time));
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) expect(idSchema("call").safeParse(id).success).toBe(true);
  expect(idSchema("key").safeParse(ids[0]).success).toBe(false);
});

test("every persona name gives a valid address part", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (name) => slugSchema.safeParse(createSlug(name)).success),
  );
  expect(createSlug("Señor SRE — Agent!")).toMatch(/^senor-sre-agent-[a-z2-7]{6}$/u);
});

test("canonical JSON reads back as the same value, whatever the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
  expect(canonicalJson({ b: 1, a: [undefined, "é"] })).toBe('{"a":[null,"é"],"b":1}');
});

test("a fingerprint is five groups of four and differs between keys", async () => {
  const key = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(43) } as const;
  expect(await keyFingerprint(key)).toMatch(/^([A-Z2-7]{4}-){4}[A-Z2-7]{4}$/u);
  expect(await keyFingerprint({ ...key, y: "C".repeat(43) })).not.toBe(await keyFingerprint(key));
});
