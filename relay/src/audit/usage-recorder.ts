import type { FastifyBaseLogger } from "fastify";
import type { Store } from "../store/store.ts";
import type { UsageRecorder } from "../deps.ts";

const FLUSH_MS = 1_000;

const empty = () => ({
  keys: new Map<string, { at: number; client: string | null }>(),
  grants: new Map<string, number>(),
  personas: new Map<string, number>(),
  devices: new Map<string, number>(),
  sessions: new Map<string, number>(),
});

/** Buffers "last used" marks, newest per id, and writes them in one transaction; `close` writes the rest. */
export function createUsageRecorder(deps: {
  store: Store;
  log: FastifyBaseLogger;
  now: () => number;
}): UsageRecorder & { close: () => Promise<void> } {
  let marks = empty();
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const { keys, grants, personas, devices, sessions } = marks;
    if (Object.values(marks).every(({ size }) => size === 0)) return;
    marks = empty();
    await deps.store.db.transaction().execute(async (db) => {
      for (const [keyId, { at, client }] of keys) {
        const set = client === null ? { last_used_at: at } : { last_used_at: at, last_client: client };
        await db.updateTable("access_keys").set(set).where("key_id", "=", keyId).execute();
      }
      for (const [grantId, at] of grants) {
        await db.updateTable("grants").set({ last_used_at: at }).where("grant_id", "=", grantId).execute();
      }
      for (const [personaId, at] of personas) {
        await db.updateTable("personas").set({ last_used_at: at }).where("persona_id", "=", personaId).execute();
      }
      for (const [deviceId, at] of devices) {
        await db.updateTable("devices").set({ last_seen_at: at }).where("device_id", "=", deviceId).execute();
      }
      for (const [sessionId, at] of sessions) {
        await db.updateTable("sessions").set({ last_used_at: at }).where("session_id", "=", sessionId).execute();
      }
    });
  };
  const flush = (): Promise<void> => {
    writing = writing.then(write, write);
    return writing;
  };
  const timer = setInterval(() => {
    flush().catch((error: unknown) => deps.log.error({ err: error }, "usage was not written"));
  }, FLUSH_MS);
  timer.unref();

  return {
    keyUsed: (keyId, client) => {
      marks.keys.set(keyId, { at: deps.now(), client: client ?? marks.keys.get(keyId)?.client ?? null });
    },
    grantUsed: (grantId) => void marks.grants.set(grantId, deps.now()),
    personaUsed: (personaId) => void marks.personas.set(personaId, deps.now()),
    deviceSeen: (deviceId) => void marks.devices.set(deviceId, deps.now()),
    sessionUsed: (sessionId) => void marks.sessions.set(sessionId, deps.now()),
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
