import { CALLS_IN_FLIGHT, CALLS_QUEUED } from "@agent-personas/shared/tunnel/messages";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOracleApp, type OracleApp } from "../long/oracle-app.ts";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import { deploy, keyFor } from "../support/product.ts";
import type { Endpoint } from "../support/clients.ts";
import { connectOracle, startFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld;
let other: OracleApp;
let otherEndpoint: Endpoint;

beforeAll(async () => {
  world = await startFaultWorld({ DEVICE_DEADLINE_MS: "15000", RELAY_DEADLINE_MS: "16000" });
  other = await startOracleApp();
  const app = await connectOracle(world.browser, other);
  const persona = await deploy(world.browser, { url: world.network.url }, app, { name: "Other", prefixing: false });
  otherEndpoint = await keyFor(world.browser, persona);
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** Of one app, in one browser. */
const PLACES = 8;

const call = (endpoint: Endpoint, marker: string, ms: number): Promise<Ending> =>
  createRawCaller(endpoint, "modern", 30_000).call(world.name("look"), { marker, ms });

/** How many of the calls so marked the app has seen. */
const executing = (marker: string, count: number): number =>
  Array.from({ length: count }, (_each, n) => world.executions(`${marker}-${n}`)).filter((times) => times > 0).length;

test("line 9: an app that hangs does not hold up the calls to another one", async () => {
  const hanging = Array.from({ length: 20 }, (_each, n) => call(world.endpoint, `hang-${n}`, 2_500));
  // Which of them come first is nobody's business.
  await expect.poll(() => executing("hang", 20), { timeout: 5_000 }).toBeGreaterThanOrEqual(PLACES);
  const started = performance.now();
  expect(await call(otherEndpoint, "prompt", 0)).toMatchObject({ kind: "result" });
  expect(performance.now() - started).toBeLessThan(1_500);
  for (const ending of await Promise.all(hanging)) expect(ending).toMatchObject({ kind: "result" });
});

const many = (from: number, to: number, ms: number): Promise<Ending>[] =>
  Array.from({ length: to - from }, (_each, n) => call(world.endpoint, `many-${from + n}`, ms));

test("line 9: a browser takes 64 calls and has 256 more wait; what is beyond is told to come again", async () => {
  const taken = CALLS_IN_FLIGHT + CALLS_QUEUED;
  const beyond = 20;
  // The app's eight places are taken until all others have arrived.
  const first = many(0, 8, 9_000);
  await expect.poll(() => executing("many", 8), { timeout: 5_000 }).toBe(PLACES);
  const endings = await Promise.all([...first, ...many(8, taken + beyond, 0)]);
  const busy = endings.filter((ending) => ending.kind === "fault" && ending.code === "too_busy");
  expect(busy.length).toBe(beyond);
  for (const ending of busy) expect(ending).toMatchObject({ saysNothingDone: true, retryAfter: 5 });
  expect(endings.filter(({ kind }) => kind === "result").length).toBe(taken);
  const executed = Array.from({ length: taken + beyond }, (_each, n) => world.executions(`many-${n}`));
  expect([executed.filter((count) => count === 1).length, Math.max(...executed)]).toEqual([taken, 1]);
}, 60_000);
