import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../support/free-port.ts";
import { startRelayProcess } from "../support/relay-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { addIdleDevices } from "./idle-devices.ts";
import { round, spread } from "./spread.ts";

/** Opened first, so that what one socket needs once is not counted. */
const WARM_UP = 100;
const SETTLE_MS = 3_000;
const RECONNECTING = 1_000;
const BACK_MS = 120_000;

/** What a browser costs that is online and asked nothing, and how soon browsers are back once their relay was killed. */
export async function benchDevices() {
  return {
    heap: [await measureHeap(1_000), await measureHeap(10_000)],
    reconnect: await measureReconnect(RECONNECTING),
  };
}

/** Kilobytes of the relay's heap, and of its whole memory, for each device. */
async function measureHeap(count: number) {
  await using world = await startRelayFor(WARM_UP + count);
  const { devices, relay, url } = world;
  await devices.open(url, WARM_UP);
  await delay(SETTLE_MS);
  const before = await relay.heap();
  await devices.open(url, WARM_UP + count);
  await delay(SETTLE_MS);
  const after = await relay.heap();
  const each = (what: "heapUsed" | "rss"): number => round((after[what] - before[what]) / count / 1_024);
  return { devices: count, heapKB: each("heapUsed"), rssKB: each("rss") };
}

/** From when the relay is ready again until each device is. Milliseconds. */
async function measureReconnect(count: number) {
  await using world = await startRelayFor(count);
  const { devices, relay, url } = world;
  await devices.open(url, count);
  await delay(SETTLE_MS);
  const killedAt = Date.now();
  await relay.kill();
  await relay.start();
  const readyAt = Date.now();
  while (devices.onlineSince(killedAt).length < count) {
    if (Date.now() - readyAt > BACK_MS) throw new Error("Not all devices came back.");
    await delay(50);
  }
  const waited = devices.onlineSince(killedAt).map((at) => Math.max(0, at - readyAt));
  return { devices: count, relayAwayMs: readyAt - killedAt, untilOnline: spread(waited) };
}

async function startRelayFor(count: number) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const devices = stack.use(await addIdleDevices(folder.path, count));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const relay = stack.use(await startRelayProcess({ port, publicUrl: url, dataFolder: folder.path }));
  const life = stack.move();
  return { devices, relay, url, [Symbol.asyncDispose]: () => life.disposeAsync() };
}
