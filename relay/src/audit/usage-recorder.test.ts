import { createId } from "@agent-personas/shared/primitives/id";
import { pino } from "pino";
import { expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { createUsageRecorder } from "./usage-recorder.ts";

test("the newest use of each is written together, and the rest when it closes", async () => {
  const store = await openStore(":memory:");
  const clock = { now: 10 };
  const usage = createUsageRecorder({ store, log: pino({ level: "silent" }), now: () => clock.now });
  const sessionId = createId("session");
  const row = {
    personaId: "p",
    principalId: "k",
    protocol: "x",
    initialize: {},
    logLevel: null,
    subscriptions: [],
    createdAt: 1,
    lastUsedAt: 1,
  };
  await store.sessions.insert({ ...row, sessionId });
  usage.sessionUsed(sessionId);
  clock.now = 20;
  usage.sessionUsed(sessionId);
  expect((await store.sessions.find(sessionId, 0))?.lastUsedAt).toBe(1);
  await usage.flush();
  expect((await store.sessions.find(sessionId, 0))?.lastUsedAt).toBe(20);
  clock.now = 30;
  usage.sessionUsed(sessionId);
  await usage.close();
  expect((await store.sessions.find(sessionId, 0))?.lastUsedAt).toBe(30);
  await store.close();
});
