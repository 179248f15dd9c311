import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { SessionRow } from "./sessions.ts";
import type { Store } from "./store.ts";
import { findPresentedKey, insertKey } from "./access-keys.ts";
import { insertDevice } from "./devices.ts";
import { findLimits, listPersonaLimits, NO_LIMITS, updatePersonaLimits, updatePersonLimits } from "./limit-settings.ts";
import { addUsage, deleteUsageBefore, findUsage } from "./monthly-usage.ts";
import { insertLink, requestLink } from "./links.ts";
import { loadRelayId } from "./meta.ts";
import { replaceCode, useCode } from "./pairing-codes.ts";
import { advancePersona, deletePersonaRow, findPersona, insertPersona, insertVersion } from "./personas.ts";
import { insertUser } from "./users.ts";

/** What every store must do, whatever database is behind it. `makeStore` answers an empty one. */
export function storeContract(name: string, makeStore: () => Promise<Store>): void {
  const run = (title: string, body: (store: Store) => Promise<void>): void =>
    test(`${name}: ${title}`, async () => {
      expect.hasAssertions();
      const store = await makeStore();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });

  run("answers that it is ready", async (store) => {
    expect(await store.ready()).toBe(true);
  });

  run("keeps the relay's id once it is made", async ({ db }) => {
    expect(await loadRelayId(db)).toBe(await loadRelayId(db));
  });

  run("reads a session back as it was written, and none that is idle", async ({ sessions }) => {
    const row = session({ initialize: { capabilities: { roots: {} }, n: 1 }, lastUsedAt: 100 });
    await sessions.insert(row);
    expect(await sessions.find(row.sessionId, 100)).toEqual(row);
    expect(await sessions.find(row.sessionId, 101)).toBeNull();
    await sessions.setLogLevel(row.sessionId, "debug");
    expect((await sessions.find(row.sessionId, 0))?.logLevel).toBe("debug");
    await sessions.delete(row.sessionId);
    expect(await sessions.find(row.sessionId, 0)).toBeNull();
  });

  run("ends the sessions of a principal or persona and of nobody else", async ({ sessions }) => {
    const [a, b, c] = [session({ principalId: "k1" }), session({ personaId: "p1" }), session({})];
    for (const row of [a, b, c]) await sessions.insert(row);
    expect(await sessions.deleteOfPrincipal("k1")).toEqual([a.sessionId]);
    expect(await sessions.deleteOfPersona("p1")).toEqual([b.sessionId]);
    expect(await sessions.find(c.sessionId, 0)).not.toBeNull();
  });

  run("drops idle sessions, and the longest unused beyond a cap", async ({ sessions }) => {
    const rows = [10, 20, 30, 40].map((lastUsedAt) => session({ principalId: "k1", lastUsedAt }));
    for (const row of rows) await sessions.insert(row);
    expect(await sessions.deleteIdle(20)).toBe(1);
    const ended = await sessions.deleteExcess({ principalId: "k1", perPrincipal: 2, together: null, total: 1 });
    expect(ended).toEqual([rows[1]?.sessionId, rows[2]?.sessionId]);
    expect(await sessions.find(rows[3]?.sessionId ?? "", 0)).not.toBeNull();
  });

  run("drops the longest unused sessions of a persona's callers of one kind beyond a cap", async ({ sessions }) => {
    const [personaId, other] = [createId("persona", 1), createId("persona", 2)];
    const rows = ["ext_a", "ext_b", "key_a", "ext_c", "ext_d"].map((principalId, at) =>
      session({ principalId, lastUsedAt: at, personaId: at === 4 ? other : personaId }),
    );
    for (const row of rows) await sessions.insert(row);
    const together = { personaId, idsBegin: "ext_", keep: 1 };
    expect(await sessions.deleteExcess({ principalId: "ext_c", perPrincipal: 9, together, total: 9 })).toEqual([
      rows[0]?.sessionId,
      rows[1]?.sessionId,
    ]);
  });

  run("lets one of many simultaneous attempts use a code", async ({ db }) => {
    await replaceCode(db, { kind: "setup", userId: null, codeHash: "h", createdAt: 1 });
    const attempts = await Promise.all(Array.from({ length: 10 }, () => useCode(db, "h", 2)));
    expect(attempts.filter((used) => used !== null)).toEqual([{ kind: "setup", userId: null }]);
  });

  run("ends the code before when a new one of its kind is stored", async (store) => {
    const { userId } = await person(store);
    await replaceCode(store.db, { kind: "recovery", userId, codeHash: "old", createdAt: 1 });
    await replaceCode(store.db, { kind: "recovery", userId, codeHash: "new", createdAt: 2 });
    expect(await useCode(store.db, "old", 3)).toBeNull();
    expect(await useCode(store.db, "new", 3)).toEqual({ kind: "recovery", userId });
  });

  run("gives a link to one device and to none after it expired", async (store) => {
    const { userId, deviceId, publicKey } = await person(store);
    const link = { userId, creatorDeviceId: deviceId, createdAt: 0, expiresAt: 10 };
    await insertLink(store.db, { ...link, linkId: createId("link"), codeHash: "a" });
    await insertLink(store.db, { ...link, linkId: createId("link"), codeHash: "b" });
    const take = (codeHash: string, now: number) => requestLink(store.db, { codeHash, name: "n", publicKey, now });
    expect((await Promise.all([take("a", 1), take("a", 1)])).filter((taken) => taken !== null)).toHaveLength(1);
    expect(await take("b", 10)).toBeNull();
  });

  run("moves a persona one version at a time", async (store) => {
    const { personaId } = await persona(store);
    const moves = await Promise.all(
      [2, 2, 3].map((version) => advancePersona(store.db, { personaId, version, now: 5 })),
    );
    expect(moves).toEqual([true, false, true]);
  });

  run("lets keys die with their persona, and tells whether the creator has a device", async (store) => {
    const { personaId, userId } = await persona(store);
    const key = {
      keyId: createId("key"),
      personaId,
      creatorId: userId,
      keyHash: "hash",
      name: "CI",
      prefix: "ap_abc123",
      last4: "wxyz",
      scopes: ["read"] as const,
      tools: ["Sample_echo"],
      deviceId: null,
      budget: { calls: 10, cents: null },
      createdAt: 1,
      expiresAt: null,
    };
    await insertKey(store.db, key);
    const found = await findPresentedKey(store.db, { keyHash: "hash" });
    expect(found).toMatchObject({
      scopes: ["read"],
      tools: ["Sample_echo"],
      creatorHasDevice: true,
      deviceUsable: true,
    });
    await deletePersonaRow(store.db, personaId);
    expect(await findPresentedKey(store.db, { keyHash: "hash" })).toBeNull();
    expect(await findPersona(store.db, personaId)).toBeNull();
  });

  run("adds up what is used in a month, whoever writes, and forgets earlier months", async ({ db }) => {
    const used = { subjectId: "key_1", calls: 2, millicents: 1_500 };
    await Promise.all([1, 2, 3].map(() => addUsage(db, { ...used, month: "2026-11" })));
    await addUsage(db, { ...used, month: "2026-12" });
    expect(await findUsage(db, "2026-11", "key_1")).toEqual({ calls: 6, millicents: 4_500 });
    expect(await findUsage(db, "2026-11", "key_2")).toEqual({ calls: 0, millicents: 0 });
    await deleteUsageBefore(db, "2026-12");
    expect(await findUsage(db, "2026-11", "key_1")).toEqual({ calls: 0, millicents: 0 });
    expect(await findUsage(db, "2026-12", "key_1")).toMatchObject({ calls: 2 });
  });

  run("keeps limits with the person and persona they are of", async (store) => {
    const { personaId, userId } = await persona(store);
    expect(await findLimits(store.db, { kind: "person", id: userId })).toEqual(NO_LIMITS);
    const limits = { requestsPerMinute: 7, budget: { calls: 100_000_000, cents: null } };
    await updatePersonLimits(store.db, userId, limits);
    await updatePersonaLimits(store.db, personaId, { ...limits, requestsPerMinute: null });
    expect(await findLimits(store.db, { kind: "person", id: userId })).toEqual(limits);
    expect(await listPersonaLimits(store.db, userId)).toEqual([{ personaId, ...limits, requestsPerMinute: null }]);
    await deletePersonaRow(store.db, personaId);
    expect(await findLimits(store.db, { kind: "persona", id: personaId })).toEqual(NO_LIMITS);
  });

  run("undoes a transaction that fails", async (store) => {
    await person(store);
    const failing = store.db.transaction().execute(async (db) => {
      await insertUser(db, { userId: "user_x", name: "Eve", administrator: false, createdAt: 1 });
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    const rows = await store.db.selectFrom("users").select("name").execute();
    expect(rows.map((row) => row.name)).toEqual(["Ada"]);
  });
}

function session(change: Partial<SessionRow>): SessionRow {
  return {
    sessionId: createId("session"),
    personaId: "persona",
    principalId: "key",
    protocol: "2025-11-25",
    initialize: {},
    logLevel: null,
    subscriptions: [],
    createdAt: 1,
    lastUsedAt: 1,
    ...change,
  };
}

async function person({ db }: Store) {
  const userId = createId("user");
  const deviceId = createId("device");
  const publicKey = { kty: "EC" as const, crv: "P-256" as const, x: "x".repeat(43), y: "y".repeat(43) };
  await insertUser(db, { userId, name: "Ada", administrator: true, createdAt: 1 });
  await insertDevice(db, { deviceId, userId, name: "Browser", publicKey, createdAt: 1 });
  return { userId, deviceId, publicKey };
}

async function persona(store: Store) {
  const { userId, deviceId } = await person(store);
  const personaId = createId("persona");
  await insertPersona(store.db, { personaId, slug: "bot-abcdef", ownerId: userId, now: 1 });
  await insertVersion(store.db, { personaId, version: 1, authorDeviceId: deviceId, signed: "jws", now: 1 });
  return { userId, personaId };
}
