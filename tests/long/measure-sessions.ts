import { setTimeout as delay } from "node:timers/promises";
import { startRawDevices } from "../support/raw-devices.ts";
import { sessionsAt, times } from "./open-sessions.ts";

/** Kilobytes of the relay's heap for each session. */
export type SessionCost = { sessions: number; idle: number; listening: number; afterwards: number };

const AT_ONCE = 16;
/** Longer than a session keeps its server without being used. Milliseconds. */
const LINGER_MS = 7_000;

/** What sessions cost that do nothing: without anything open, and with their stream open, as clients leave them. */
export async function measureSessions(count: number): Promise<SessionCost> {
  await using world = await startRawDevices(1, { SESSION_LIMIT: "1000000" });
  const [person] = world.people;
  if (person === undefined) throw new Error("There is nobody.");
  using sessions = sessionsAt(person.endpoint);
  await times(200, AT_ONCE, async () => sessions.end(await sessions.open()));
  await delay(LINGER_MS);
  const before = (await world.relay.heap()).heapUsed;
  const ids: string[] = [];
  await times(count, AT_ONCE, async () => void ids.push(await sessions.open()));
  await delay(LINGER_MS);
  const idle = (await world.relay.heap()).heapUsed;
  const closers: (() => void)[] = [];
  await times(count, AT_ONCE, async (number) => void closers.push(await sessions.listen(ids[number] ?? "")));
  await delay(1_000);
  const listening = (await world.relay.heap()).heapUsed;
  for (const close of closers) close();
  await delay(LINGER_MS);
  const afterwards = (await world.relay.heap()).heapUsed;
  const each = (heap: number): number => Math.round(((heap - before) / count / 1_024) * 10) / 10;
  return { sessions: count, idle: each(idle), listening: each(listening), afterwards: each(afterwards) };
}
