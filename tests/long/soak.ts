import { waitFor } from "../support/product.ts";
import { causeFaults, type Fault, type FaultPlan } from "./cause-faults.ts";
import type { OracleTool } from "./oracle-app.ts";
import { createRandom, type Random } from "./random.ts";
import { createRawCaller, type Ending, type Era, type RawCaller } from "../support/raw-caller.ts";
import { DEADLINES, type Key, type World } from "./world.ts";

export type SoakReport = {
  seed: number;
  calls: number;
  inFlight: number;
  seconds: number;
  faults: Record<Fault, number>;
  app: Record<string, number>;
  /** Endings by era: results, codes, and what the caller saw of broken connections. */
  endings: Record<Era, Record<string, number>>;
  streamsResumed: number;
  slowestMs: number;
  /** Each must be empty. */
  violations: Violations;
};

type Violations = {
  executedTwice: string[];
  unanswered: string[];
  wrongCaller: string[];
  /** Told that nothing was executed, but it was; or that it was, and it was not. */
  untrue: string[];
};

type Call = { marker: string; tool: OracleTool; key: Key; era: Era; ending: Ending; ms: number };

/** Beyond the relay's own deadline; the machine may be busy. Milliseconds. */
const GRACE_MS = 8_000;

/** Calls at random, so many at a time, while everything breaks; then compares what callers heard with what the app did. */
export async function soak(
  world: World,
  options: { calls: number; inFlight: number; seed: number; plan: FaultPlan; maxMs: number },
): Promise<SoakReport> {
  const random = createRandom(options.seed);
  const begun = performance.now();
  const ended = new AbortController();
  const faults = causeFaults(world, { random, plan: options.plan, until: ended.signal });
  const calls: Call[] = [];
  const callers: RawCaller[] = [];
  let started = 0;

  const work = async (worker: number): Promise<void> => {
    const key = world.keys[worker % world.keys.length];
    if (key === undefined) throw new Error("The world has no keys.");
    const era: Era = worker % 2 === 0 ? "modern" : "legacy";
    const caller = createRawCaller(key.endpoint, era, DEADLINES.ownerWait + DEADLINES.relay + GRACE_MS);
    callers.push(caller);
    while (started < options.calls && performance.now() - begun < options.maxMs) {
      started += 1;
      const number = started;
      // Calls that nobody takes would tell nothing.
      await waitFor("the relay", () => Promise.resolve(world.relay.isUp()), 60_000);
      calls.push(await callOnce(caller, { key, era, number, random }));
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: options.inFlight }, (_, number) => work(number)));
  ended.abort();
  const caused = await faults;
  for (const each of settled) if (each.status === "rejected") throw each.reason;
  // Until nothing can be executed any more.
  await new Promise((resolve) => setTimeout(resolve, DEADLINES.relay + 2_000));
  return {
    seed: options.seed,
    calls: calls.length,
    inFlight: options.inFlight,
    seconds: Math.round((performance.now() - begun) / 1_000),
    faults: caused,
    app: Object.fromEntries(world.app.misbehaved),
    endings: { modern: tally(calls, "modern"), legacy: tally(calls, "legacy") },
    streamsResumed: callers.reduce((sum, caller) => sum + caller.resumed(), 0),
    slowestMs: Math.round(Math.max(0, ...calls.map(({ ms }) => ms))),
    violations: judge(calls, world),
  };
}

async function callOnce(
  caller: RawCaller,
  { key, era, number, random }: { key: Key; era: Era; number: number; random: Random },
): Promise<Call> {
  const marker = `${key.account}/${number}`;
  const tool = random.pick<OracleTool>(["note", "note", "put", "look"]);
  const ms = random.next() < 0.1 ? random.between(200, 2_000) : random.between(0, 20);
  const begun = performance.now();
  const ending = await caller.call(key.names[tool], { marker, ms });
  return { marker, tool, key, era, ending, ms: performance.now() - begun };
}

function tally(calls: readonly Call[], era: Era): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { ending } of calls.filter((call) => call.era === era)) {
    const name = ending.kind === "fault" ? ending.code : ending.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

function judge(calls: readonly Call[], { app }: World): Violations {
  const violations: Violations = { executedTwice: [], unanswered: [], wrongCaller: [], untrue: [] };
  for (const { marker, tool, key, era, ending, ms } of calls) {
    const executed = app.executions.get(marker);
    const count = executed?.count ?? 0;
    const text = `${marker} ${tool} ${era}: ${JSON.stringify(ending)} after ${Math.round(ms)} ms, executed ${count} times`;
    if (tool === "note" && count > 1) violations.executedTwice.push(text);
    if (ending.kind === "unanswered") violations.unanswered.push(text);
    if (executed !== undefined && executed.account !== key.account) violations.wrongCaller.push(text);
    if (ending.kind === "result" && ending.text !== JSON.stringify({ marker, account: key.account })) {
      violations.wrongCaller.push(text);
    }
    const denied = ending.kind === "refused" || (ending.kind === "fault" && ending.saysNothingDone);
    if (denied ? count > 0 : ending.kind === "result" && count === 0) violations.untrue.push(text);
  }
  return violations;
}
