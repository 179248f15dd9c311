import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectV1, connectV2 } from "../support/clients.ts";
import { waitFor } from "../support/product.ts";
import { createRawCaller } from "../support/raw-caller.ts";
import { online, startFaultWorld, type FaultWorld } from "./fault-world.ts";

// Line 8: a relay that dies loses no session, and no answer of a call that was under way.

let world: FaultWorld;
let markers = 0;

beforeAll(async () => {
  world = await startFaultWorld({ RELAY_DEADLINE_MS: "20000", DEVICE_DEADLINE_MS: "18000" });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => online(world.browser));

const CLIENTS = {
  "the SDK of today in 2025-11-25": () => connectV2(world.endpoint, "legacy"),
  "the SDK that most clients are built with": () => connectV1(world.endpoint),
};

for (const [name, connect] of Object.entries(CLIENTS)) {
  for (const ms of [1_000, 6_000]) {
    test(`line 8: ${name} gets the answer to a call of ${ms} ms whose relay was killed, executed once`, async () => {
      await using connected = await connect();
      markers += 1;
      const marker = `resumed-${markers}`;
      const answer = connected.client.callTool({ name: world.name("note"), arguments: { marker, ms } });
      await waitFor("the app to begin", () => Promise.resolve(world.executions(marker) > 0));
      await world.relay.kill();
      await world.relay.start();
      expect(JSON.stringify((await answer).content)).toContain(marker);
      expect(world.executions(marker)).toBe(1);
      const again = await connected.client.callTool({
        name: world.name("look"),
        arguments: { marker: "after", ms: 0 },
      });
      expect(again.isError).not.toBe(true);
    });
  }
}

for (const era of ["modern", "legacy"] as const) {
  test(`line 8: after the relay was killed, a ${era} caller is served again, and nothing is executed twice`, async () => {
    const caller = createRawCaller(world.endpoint, era, 30_000);
    const first = { marker: `${era}-before`, ms: 0 };
    expect(await caller.call(world.name("note"), first)).toMatchObject({ kind: "result" });
    const marker = `${era}-during`;
    const ending = caller.call(world.name("note"), { marker, ms: 1_000 });
    await waitFor("the app to begin", () => Promise.resolve(world.executions(marker) > 0));
    await world.relay.kill();
    await world.relay.start();
    // With sessions the stream is taken up again; without, the caller learns that it knows nothing.
    expect(await ending).toMatchObject({ kind: era === "legacy" ? "result" : "lost" });
    await online(world.browser);
    expect(await caller.call(world.name("note"), { marker: `${era}-after`, ms: 0 })).toMatchObject({ kind: "result" });
    expect([marker, `${era}-before`, `${era}-after`].map(world.executions)).toEqual([1, 1, 1]);
  });
}
