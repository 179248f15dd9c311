import { expect, test } from "vitest";
import { grant } from "../../test-support/grant.ts";
import { grantStatus, sortGrants } from "./grant-view.ts";

const named = (name: string, changes: Parameters<typeof grant>[0]) =>
  grant({ client: { name, redirectHost: "h" }, ...changes });

test("a grant is ended by a token used twice before it is expired by time", () => {
  expect(grantStatus(grant({ expiresAt: 10 }), 9)).toBe("active");
  expect(grantStatus(grant({ expiresAt: 10 }), 10)).toBe("expired");
  expect(grantStatus(grant({ expiresAt: 10, endedForReuseAt: 5 }), 20)).toBe("ended");
});

test("lists ended ones first, then those in use by their last use, then expired ones", () => {
  const grants = [
    named("expired", { expiresAt: 5 }),
    named("old", { createdAt: 2 }),
    named("fresh", { createdAt: 1, lastUsedAt: 9 }),
    named("ended", { endedForReuseAt: 3 }),
  ];
  expect(sortGrants(grants, 10).map(({ client }) => client.name)).toEqual(["ended", "fresh", "old", "expired"]);
});
