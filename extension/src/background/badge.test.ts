import { expect, test } from "vitest";
import { badgeOf } from "./badge.ts";

test("shows what matters most: a sign-in, then the tunnel's troubles, then connecting, off, nothing", () => {
  const broken = [{ status: "needs_sign_in" as const }];
  expect(badgeOf("connecting", broken).text).toBe("!");
  expect(badgeOf("replaced", []).text).toBe("!");
  expect(badgeOf("connecting", []).text).toBe("…");
  expect(badgeOf("offline", []).text).toBe("off");
  expect(badgeOf("online", [{ status: "connected" }]).text).toBe("");
  expect(badgeOf("unpaired", []).text).toBe("");
});
