import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { OracleTool } from "../long/oracle-app.ts";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import { connectV2 } from "../support/clients.ts";
import { waitFor } from "../support/product.ts";
import { DEADLINES, online, startFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld;
let markers = 0;

beforeAll(async () => {
  world = await startFaultWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => online(world.browser));

/** One call, under a marker of its own by which the app counts it. */
function call(tool: OracleTool, ms = 0): { marker: string; ending: Promise<Ending> } {
  markers += 1;
  const marker = `m${markers}`;
  const caller = createRawCaller(world.endpoint, "modern", DEADLINES.relay + 10_000);
  return { marker, ending: caller.call(world.name(tool), { marker, ms }) };
}

const begun = (marker: string): Promise<void> =>
  waitFor("the app to begin", () => Promise.resolve(world.executions(marker) > 0));
const answered = { kind: "result" };
const fault = (code: string) => ({ kind: "fault", code });

test("line 1: with no browser there, a call waits and then says since when; lists are answered meanwhile", async () => {
  await world.browser.killWorker();
  const started = performance.now();
  const { marker, ending } = call("note");
  await using connected = await connectV2(world.endpoint);
  expect((await connected.client.listTools()).tools.map(({ name }) => name)).toContain(world.name("note"));
  expect(performance.now() - started).toBeLessThan(DEADLINES.ownerWait);
  expect(await ending).toMatchObject(fault("owner_offline"));
  expect(performance.now() - started).toBeGreaterThanOrEqual(DEADLINES.ownerWait);
  await world.browser.wake();
  await online(world.browser);
  expect(world.executions(marker)).toBe(0);
});

test("line 1: a browser that comes back in time executes what waited for it, once", async () => {
  await world.browser.killWorker();
  const { marker, ending } = call("note");
  await delay(300);
  await world.browser.wake();
  expect(await ending).toMatchObject(answered);
  expect(world.executions(marker)).toBe(1);
});

for (const direction of ["from-relay", "from-device"] as const) {
  for (const tool of ["note", "look"] as const) {
    test(`line 2: a ${tool} whose socket is cut before it was accepted is executed once (${direction} lost)`, async () => {
      world.network.hold(direction);
      const { marker, ending } = call(tool);
      await delay(300);
      world.network.cut();
      expect(await ending).toMatchObject(answered);
      expect(world.executions(marker)).toBe(1);
    });
  }
}

test("line 2: a call that could not be handed over in time was not delivered, and is not executed later", async () => {
  world.network.hold("from-relay");
  const { marker, ending } = call("note");
  expect(await ending).toMatchObject(fault("not_delivered"));
  world.network.release();
  await delay(500);
  expect(world.executions(marker)).toBe(0);
});

test("line 3: a call that runs when its socket is cut is executed once, and its answer arrives afterwards", async () => {
  const { marker, ending } = call("note", 1_000);
  await begun(marker);
  world.network.cut();
  expect(await ending).toMatchObject(answered);
  expect(world.executions(marker)).toBe(1);
});

test("line 3: an answer that is lost on its way is given again from the outbox", async () => {
  const { marker, ending } = call("note", 500);
  await begun(marker);
  world.network.hold("from-device");
  await delay(800);
  world.network.cut();
  expect(await ending).toMatchObject(answered);
  expect(world.executions(marker)).toBe(1);
});

for (const [tool, executed] of [
  ["look", 2],
  ["put", 2],
  ["note", 1],
] as const) {
  test(`line 4: a ${tool} whose worker is killed ends with ${executed} executions`, async () => {
    const { marker, ending } = call(tool, 700);
    await begun(marker);
    await world.browser.killWorker();
    await world.browser.wake();
    const ended = await ending;
    expect(ended).toMatchObject(executed === 2 ? answered : fault("outcome_unknown"));
    expect(world.executions(marker)).toBe(executed);
  });
}

test("line 4: a worker that is killed says nothing to the relay, which notices by the connection", async () => {
  const { marker, ending } = call("look", 700);
  await begun(marker);
  const before = world.network.brought("from-device");
  await world.browser.killWorker();
  await expect.poll(world.network.tunnels, { timeout: 2_000 }).toBe(0);
  expect(world.network.brought("from-device")).toBe(before);
  await world.browser.wake();
  expect(await ending).toMatchObject(answered);
});

test("line 4: a call that its worker had not begun when it was killed is executed once", async () => {
  world.network.hold("from-device");
  const { marker, ending } = call("note");
  await delay(300);
  await world.browser.killWorker();
  await world.browser.wake();
  expect(await ending).toMatchObject(answered);
  expect(world.executions(marker)).toBe(1);
});

test("line 4: a browser that was closed, or does not come back, does not know what it did", async () => {
  const restarted = call("note", 700);
  await begun(restarted.marker);
  await world.browser.restartBrowser();
  expect(await restarted.ending).toMatchObject(fault("outcome_unknown"));
  await online(world.browser);
  const gone = call("note", 700);
  await begun(gone.marker);
  await world.browser.killWorker();
  expect(await gone.ending).toMatchObject(fault("outcome_unknown"));
  await world.browser.wake();
  expect([world.executions(restarted.marker), world.executions(gone.marker)]).toEqual([1, 1]);
});

for (const tool of ["note", "look"] as const) {
  test(`line 5: a ${tool} that arrives twice is executed once`, async () => {
    const stop = world.network.repeatCalls();
    try {
      const { marker, ending } = call(tool, 200);
      expect(await ending).toMatchObject(answered);
      expect(world.executions(marker)).toBe(1);
    } finally {
      stop();
    }
  });
}

test("line 6: a call whose deadline passes before it may begin is dropped unexecuted", async () => {
  world.network.hold("from-device");
  const { marker, ending } = call("note");
  // The browser's own deadline passes first, while it waits for the relay's go.
  expect(await ending).toMatchObject(fault("not_delivered"));
  world.network.release();
  await delay(500);
  expect(world.executions(marker)).toBe(0);
});

test("line 6: a call that the app has when the deadline passes is aborted", async () => {
  const { marker, ending } = call("note", 20_000);
  expect(await ending).toMatchObject(fault("app_timeout"));
  expect(world.executions(marker)).toBe(1);
});

test("line 12: a computer that was asleep is back within a second of the person opening anything", async () => {
  // Asleep: nothing passes. The relay has given the tunnel up when the computer wakes.
  await world.relay.kill();
  await delay(2_500);
  await world.relay.start();
  const started = performance.now();
  await world.browser.command("status.get", {});
  await online(world.browser);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("line 12: a computer whose network fell silent while it slept is back by the alarm, and executes what waited, once", async () => {
  world.network.silence();
  // The relay still takes the browser to be there.
  const { marker, ending } = call("note");
  await delay(300);
  await world.browser.oversleep(60_000);
  await world.browser.alarm();
  expect(await ending).toMatchObject(answered);
  expect(world.executions(marker)).toBe(1);
});
