import { z } from "zod";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ACCOUNT_HEADER, type OracleTool } from "../long/oracle-app.ts";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import type { DeviceInProcess } from "../support/device-processes.ts";
import { waitFor } from "../support/product.ts";
import { linkBrowser, serveFrom } from "../support/second-browser.ts";
import { connectOracle, DEADLINES, online, startFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld;
let first: DeviceInProcess;
let second: DeviceInProcess;
let markers = 0;

// Each browser has an account of its own at the app, by which the app tells them apart.
beforeAll(async () => {
  world = await startFaultWorld();
  first = world.browser;
  second = world.host.device(1);
  await linkBrowser(first, second, world.network.url);
  await online(second);
  await serveFrom(second, world.persona.personaId, await connectOracle(second, world.app, "second"));
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await Promise.all([first.wake(), second.wake()]);
  await Promise.all([online(first), online(second)]);
});

function call(tool: OracleTool, ms = 0): { marker: string; ending: Promise<Ending> } {
  markers += 1;
  const marker = `b${markers}`;
  const caller = createRawCaller(world.endpoint, "modern", DEADLINES.relay + 10_000);
  return { marker, ending: caller.call(world.name(tool), { marker, ms }) };
}

const accountOf = (marker: string): string => world.app.executions.get(marker)?.account ?? "nobody";
const begun = (marker: string): Promise<void> =>
  waitFor("the app to begin", () => Promise.resolve(world.executions(marker) > 0));

async function prefer(which: "First browser" | "Second browser" | null): Promise<void> {
  const { devices } = z
    .object({ devices: z.array(z.object({ deviceId: z.string(), name: z.string() })) })
    .parse(await first.command("devices.list", {}));
  const deviceId = devices.find(({ name }) => name === which)?.deviceId ?? null;
  await first.command("devices.prefer", { deviceId });
}

test("line 11: a call goes to the preferred browser, and to the other one while that is away", async () => {
  await prefer("Second browser");
  const there = call("note");
  expect(await there.ending).toMatchObject({ kind: "result" });
  expect(accountOf(there.marker)).toBe("second");
  await second.killWorker();
  const here = call("note");
  expect(await here.ending).toMatchObject({ kind: "result" });
  expect(accountOf(here.marker)).toBe("ada");
  await second.wake();
  await online(second);
  await prefer("First browser");
  const back = call("note");
  expect(await back.ending).toMatchObject({ kind: "result" });
  expect(accountOf(back.marker)).toBe("ada");
});

test("line 11: a browser without a working connection is passed over, though it is preferred", async () => {
  await prefer("Second browser");
  const [connection] = z.array(z.object({ connectionId: z.string() })).parse(await second.rows("connections"));
  await second.command("apps.disconnect", { connectionId: connection?.connectionId });
  await waitFor("the relay to know", async () => {
    const { marker, ending } = call("note");
    expect(await ending).toBeDefined();
    return accountOf(marker) === "ada";
  });
  await second.command("apps.set-headers", {
    connectionId: connection?.connectionId,
    headers: { [ACCOUNT_HEADER]: "second" },
  });
  await second.command("apps.connect", { connectionId: connection?.connectionId });
});

test("line 2: what runs in a browser that is closed is run by the other one only if that does no harm", async () => {
  await prefer("Second browser");
  const reading = call("look", 1_000);
  const writing = call("note", 1_000);
  await Promise.all([begun(reading.marker), begun(writing.marker)]);
  await second.killWorker();
  expect(await reading.ending).toMatchObject({ kind: "result" });
  expect(accountOf(reading.marker)).toBe("ada");
  expect(world.executions(reading.marker)).toBe(2);
  expect(await writing.ending).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  expect([world.executions(writing.marker), accountOf(writing.marker)]).toEqual([1, "second"]);
});
