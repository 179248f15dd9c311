import { expect, test } from "vitest";
import { badgeOf } from "./badge.ts";

test("shows what matters most: an app's sign-in, waiting ones, the tunnel's troubles, connecting, off, nothing", () => {
  const broken = [{ status: "needs_sign_in" as const }];
  expect(badgeOf("connecting", broken, 0).text).toBe("!");
  expect(badgeOf("online", broken, 2).text).toBe("!");
  expect(badgeOf("replaced", [], 2).text).toBe("2");
  expect(badgeOf("replaced", [], 0).text).toBe("!");
  expect(badgeOf("connecting", [], 0).text).toBe("…");
  expect(badgeOf("offline", [], 0).text).toBe("off");
  expect(badgeOf("online", [{ status: "connected" }], 0).text).toBe("");
  expect(badgeOf("unpaired", [], 0).text).toBe("");
});
