import { createId } from "@agent-personas/shared/primitives/id";
import { Server } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Caller } from "../deps.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { testVersion } from "../test-support/test-persona.ts";
import { createLiveSessions } from "./live-sessions.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const version = testVersion(createId("device"));
const persona = {
  personaId: version.personaId,
  slug: "release-bot-abcdef",
  ownerId: createId("user"),
  version,
  ...publishTools(version),
};
const rowOf = (sessionId: string, initialize: Record<string, unknown>) => ({
  sessionId,
  personaId: persona.personaId,
  principalId: "key",
  protocol: "2025-11-25",
  initialize,
  logLevel: null,
  subscriptions: [],
  createdAt: 0,
  lastUsedAt: 0,
});
const caller: Caller = {
  persona,
  principal: {
    kind: "key",
    id: "key",
    personaId: persona.personaId,
    executingUserId: persona.ownerId,
    deviceId: null,
    scopes: ["read"],
    tools: null,
    keyId: "key",
    forwardedHeaders: {},
  },
};
const handshake = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };

function liveSessions() {
  let made = 0;
  let listening = 0;
  const servers = () => {
    made += 1;
    return new Server({ name: "t", version: "1" }, { capabilities: { tools: {} } });
  };
  const ears = () => {
    listening += 1;
    return { changed: () => undefined, remove: () => void (listening -= 1) };
  };
  const live = createLiveSessions({
    servers,
    publicUrl: "http://localhost",
    notices: { add: ears },
    keepSubscriptions: () => Promise.resolve(),
    events: () => ({
      storeEvent: () => Promise.resolve("0"),
      replayEventsAfter: () => Promise.resolve(""),
      writes: () => false,
    }),
  });
  return { live, made: () => made, listening: () => listening };
}

test("wakes a session once for requests that arrive together, and drops it when nothing is open", async () => {
  const { live, made } = liveSessions();
  const row = rowOf("session-a", handshake);
  const [first, second] = await Promise.all([live.wake(row, caller), live.wake(row, caller)]);
  expect(first).toBe(second);
  expect(made()).toBe(1);
  const release = first.hold();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(live.size()).toBe(1);
  release();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(live.size()).toBe(0);
  await live.wake(row, caller);
  expect(made()).toBe(2);
});

test("does not know a session whose stored handshake no longer works, and leaves no listener of it behind", async () => {
  const { live, made, listening } = liveSessions();
  for (let time = 1; time <= 3; time += 1) {
    await expect(live.wake(rowOf("session-b", { protocolVersion: 5 }), caller)).rejects.toMatchObject({
      code: "session_unknown",
    });
    expect(made()).toBe(time);
  }
  // Nothing of what was made for it is left to be told anything.
  expect([live.size(), listening()]).toEqual([0, 0]);
});

test("releases once, however often it is called", async () => {
  const { live } = liveSessions();
  const session = await live.wake(rowOf("session-c", handshake), caller);
  const first = session.hold();
  session.hold();
  first();
  first();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(live.size()).toBe(1);
  expect(live.inUse()).toEqual(["session-c"]);
  await live.endWhere((row) => row.principalId === "another");
  expect(live.size()).toBe(1);
  await live.endWhere((row) => row.principalId === "key");
  expect(live.size()).toBe(0);
});
