import { expect, test, vi } from "vitest";
import type { Session } from "./open-session.ts";
import { createSessionPool } from "./session-pool.ts";

function setUp(idleMs = 1_000) {
  const closed: string[] = [];
  let time = 0;
  const pool = createSessionPool<null>({ idleMs, perConnection: 2, now: () => (time += 1) });
  const open = (name: string) => () => Promise.resolve({ session: sessionOf(() => closed.push(name)), owner: null });
  return { pool, open, closed };
}

const unused = (): Promise<never> => Promise.reject(new Error("unused"));

function sessionOf(onClose: () => void): Session {
  const facts = { server: null, protocol: "", modern: true, stateful: false };
  const ended = new Promise<void>(() => undefined);
  const methods = { callTool: unused, request: unused, setLogLevel: unused, listen: unused, ended };
  return { ...facts, ...methods, close: () => Promise.resolve(onClose()) };
}

test("a caller gets its own session again, another caller another one", async () => {
  const { pool, open } = setUp();
  const first = await pool.acquire({ connectionId: "c", callerKey: "a" }, open("a1"));
  const again = await pool.acquire({ connectionId: "c", callerKey: "a" }, open("a2"));
  const other = await pool.acquire({ connectionId: "c", callerKey: "b" }, open("b"));
  expect(again.session).toBe(first.session);
  expect(other.session).not.toBe(first.session);
});

test("keys cannot be forged by joining their parts differently", async () => {
  const { pool, open } = setUp();
  const first = await pool.acquire({ connectionId: "c", callerKey: 'a","b' }, open("1"));
  const second = await pool.acquire({ connectionId: 'c","a', callerKey: "b" }, open("2"));
  expect(second.session).not.toBe(first.session);
});

test("beyond the cap the session idle longest is closed, and one in use never is", async () => {
  const { pool, open, closed } = setUp();
  const a = await pool.acquire({ connectionId: "c", callerKey: "a" }, open("a"));
  const b = await pool.acquire({ connectionId: "c", callerKey: "b" }, open("b"));
  await expect(pool.acquire({ connectionId: "c", callerKey: "x" }, open("x"))).rejects.toMatchObject({
    code: "too_busy",
  });
  b.release();
  a.release();
  await pool.acquire({ connectionId: "c", callerKey: "c" }, open("c"));
  await vi.waitFor(() => expect(closed).toEqual(["b"]));
  await pool.acquire({ connectionId: "other", callerKey: "a" }, open("other"));
  expect(closed).toEqual(["b"]);
});

test("an idle session ends after its time, one in use does not", async () => {
  vi.useFakeTimers();
  try {
    const { pool, open, closed } = setUp(1_000);
    const lease = await pool.acquire({ connectionId: "c", callerKey: "a" }, open("a"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed).toEqual([]);
    lease.release();
    await vi.advanceTimersByTimeAsync(900);
    const again = await pool.acquire({ connectionId: "c", callerKey: "a" }, open("a2"));
    await vi.advanceTimersByTimeAsync(5_000);
    again.release();
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(closed).toEqual(["a"]);
  } finally {
    vi.useRealTimers();
  }
});

test("a session that could not be opened is not kept", async () => {
  const { pool, open } = setUp();
  const key = { connectionId: "c", callerKey: "a" };
  await expect(pool.acquire(key, () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  await pool.acquire(key, open("a"));
});

test("a discarded session is closed by its last user, and the next call opens another", async () => {
  const { pool, open, closed } = setUp();
  const key = { connectionId: "c", callerKey: "a" };
  const first = await pool.acquire(key, open("old"));
  const second = await pool.acquire(key, open("unused"));
  first.discard();
  const third = await pool.acquire(key, open("new"));
  expect(third.session).not.toBe(first.session);
  expect(closed).toEqual([]);
  second.discard();
  await vi.waitFor(() => expect(closed).toEqual(["old"]));
});
