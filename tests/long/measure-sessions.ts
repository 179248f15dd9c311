import { setTimeout as delay } from "node:timers/promises";
import { startRawDevices } from "../support/raw-devices.ts";
import { sessionsAt, times, type Sessions } from "./open-sessions.ts";

/** Kilobytes of the relay's heap for each session. */
export type SessionCost = { sessions: number; idle: number; listening: number; afterwards: number };

const AT_ONCE = 16;
/** Fewer than one key may have open. */
const STREAMS_EACH = 1_500;
/** Longer than a session keeps its server without being used. Milliseconds. */
const LINGER_MS = 7_000;
/** Left of a session whose stream was closed. */
const SETTLED_BYTES = 2_048;

/** What sessions cost that do nothing: without anything open, and with their stream open, as clients leave them. */
export async function measureSessions(count: number): Promise<SessionCost> {
  await using world = await startRawDevices(Math.ceil(count / STREAMS_EACH), { SESSION_LIMIT: "1000000" });
  using stack = new DisposableStack();
  const callers = world.people.map(({ endpoint }) => stack.use(sessionsAt(endpoint)));
  const callerOf = (number: number): Sessions => {
    const caller = callers[number % callers.length];
    if (caller === undefined) throw new Error("There is nobody.");
    return caller;
  };
  await times(200, AT_ONCE, async (number) => callerOf(number).end(await callerOf(number).open()));
  await delay(LINGER_MS);
  const before = (await world.relay.heap()).heapUsed;
  const ids = new Map<number, string>();
  await times(count, AT_ONCE, async (number) => void ids.set(number, await callerOf(number).open()));
  await delay(LINGER_MS);
  const idle = (await world.relay.heap()).heapUsed;
  const closers: (() => void)[] = [];
  await times(count, AT_ONCE, async (number) => {
    closers.push(await callerOf(number).listen(ids.get(number) ?? ""));
  });
  await delay(1_000);
  const listening = (await world.relay.heap()).heapUsed;
  for (const close of closers) close();
  let afterwards = listening;
  // A busy machine takes its time to see thousands of closed connections.
  for (let time = 0; time < 12 && afterwards - before > count * SETTLED_BYTES; time += 1) {
    await delay(LINGER_MS);
    afterwards = (await world.relay.heap()).heapUsed;
  }
  const each = (heap: number): number => Math.round(((heap - before) / count / 1_024) * 10) / 10;
  return { sessions: count, idle: each(idle), listening: each(listening), afterwards: each(afterwards) };
}
