import { expect, test } from "vitest";
import { grant } from "../../test-support/grant.ts";
import { sortGrants } from "./grant-view.ts";

const named = (name: string, changes: Parameters<typeof grant>[0]) =>
  grant({ client: { name, redirectHost: "h" }, ...changes });

test("lists what was ended for a token used twice first, then the others by their last use", () => {
  const grants = [
    named("old", { createdAt: 2 }),
    named("fresh", { createdAt: 1, lastUsedAt: 9 }),
    named("ended", { createdAt: 1, endedForReuseAt: 3 }),
    named("new", { createdAt: 5 }),
  ];
  expect(sortGrants(grants).map(({ client }) => client.name)).toEqual(["ended", "fresh", "new", "old"]);
});
