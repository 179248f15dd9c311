import { expect, test } from "vitest";
import { findTokens } from "./find-tokens.ts";

const HEAD = Buffer.from('{"alg":"RS256"}').toString("base64url");
const PAYLOAD = Buffer.from('{"iss":"a"}').toString("base64url");

test("finds signed tokens wherever they stand in a text", () => {
  const token = `${HEAD}.${PAYLOAD}.c2ln`;
  for (const text of [token, `Token ${token}, more`, `a=${token}&b`, `prefix-${token}`, `"${token}"`, `(${token})`]) {
    expect(findTokens(text)).toEqual([token]);
  }
  expect(findTokens(Array.from({ length: 9 }, () => token).join(" "))).toHaveLength(9);
  expect(findTokens(`${HEAD}.${PAYLOAD}.`)).toEqual([`${HEAD}.${PAYLOAD}.`]);
  for (const text of ["", "a.b.c", HEAD, `${HEAD}.${PAYLOAD}`, `${HEAD}..c2ln`, "eyJ.eyJ.eyJ"]) {
    expect(findTokens(text)).toEqual([]);
  }
});

test("takes a text made to keep it busy in one pass", () => {
  const texts = ["eyJ".repeat(200_000), `${"eyJ".repeat(100_000)}.${"a".repeat(300_000)}`, `${HEAD}.`.repeat(20_000)];
  for (const text of texts) {
    const begun = performance.now();
    findTokens(text);
    // A pattern that starts anew at each takes minutes.
    expect(performance.now() - begun).toBeLessThan(2_000);
  }
});
