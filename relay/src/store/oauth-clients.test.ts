import { expect, test } from "vitest";
import { createOwner } from "../test-support/owner.ts";
import { insertGrant } from "./grants.ts";
import { findClient, insertClient } from "./oauth-clients.ts";

test("ten thousand registrations leave no more clients than the cap, and those in use stay", async () => {
  const { store, publish, userId } = await createOwner();
  const { personaId } = await publish();
  const add = (index: number, cap = 500): Promise<boolean> =>
    insertClient(store.db, { clientId: `client_${index}`, metadata: { index }, now: index, cap });
  await add(0);
  await insertGrant(store.db, {
    grantId: "grant_1",
    personaId,
    userId,
    keyId: null,
    clientId: "client_0",
    clientName: "In use",
    redirectHost: "h",
    resource: "r",
    scopes: ["read"],
    tools: null,
    createdAt: 1,
    expiresAt: 2,
  });
  for (let index = 1; index < 10_000; index += 1) expect(await add(index)).toBe(true);
  const { stored } = await store.db
    .selectFrom("oauth_clients")
    .select((eb) => eb.fn.countAll<number>().as("stored"))
    .executeTakeFirstOrThrow();
  expect(stored).toBe(500);
  expect(await findClient(store.db, "client_0")).toEqual({ index: 0 });
  expect(await findClient(store.db, "client_9999")).toEqual({ index: 9_999 });
  expect(await add(10_000, 1)).toBe(false);
  await store.close();
});
