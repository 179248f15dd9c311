import { expect, test } from "vitest";
import { addressOf } from "./endpoint.ts";

const handedOut = (interactive: boolean, accessKeys: boolean) =>
  addressOf("https://relay.example", { slug: "sre-abc234", interactive, accessKeys });

test("hands out the address that most ways in share", () => {
  expect(handedOut(true, true)).toBe("https://relay.example/p/sre-abc234/mcp");
  expect(handedOut(true, false)).toBe("https://relay.example/p/sre-abc234/mcp");
  expect(handedOut(false, true)).toBe("https://relay.example/k/sre-abc234/mcp");
});

test("hands out the passthrough address where that is the only way in", () => {
  expect(handedOut(false, false)).toBe("https://relay.example/x/sre-abc234/mcp");
});
