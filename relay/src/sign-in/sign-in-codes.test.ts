import { expect, test } from "vitest";
import { createSignInCodes } from "./sign-in-codes.ts";

const ada = { userId: "user-a", deviceId: "device-a" };

function codes() {
  const clock = { now: 1_000 };
  return { clock, ...createSignInCodes({ now: () => clock.now }) };
}

test("a code is eight unambiguous characters in two groups and names its maker once", () => {
  const { issue, use } = codes();
  const code = issue(ada)?.code ?? "";
  expect(code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}$/u);
  expect(use(` ${code.toLowerCase().replace("-", " ")} `)).toEqual(ada);
  expect(use(code)).toBeNull();
});

test("a code lives two minutes", () => {
  const { issue, use, clock } = codes();
  const code = issue(ada)?.code ?? "";
  clock.now += 120_000;
  expect(use(code)).toBeNull();
});

test("a device's new code replaces its old one, and not another device's", () => {
  const { issue, use } = codes();
  const first = issue(ada)?.code ?? "";
  const other = issue({ ...ada, deviceId: "device-b" })?.code ?? "";
  const second = issue(ada)?.code ?? "";
  expect(use(first)).toBeNull();
  expect(use(second)).toEqual(ada);
  expect(use(other)).toEqual({ ...ada, deviceId: "device-b" });
});
