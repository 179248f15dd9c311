import { setTimeout as delay } from "node:timers/promises";
import type { Misbehaviour } from "./oracle-app.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export type Fault = "worker killed" | "browser restarted" | "socket cut" | "relay killed";

export type FaultPlan = {
  /** Between two faults. Milliseconds. */
  pause: readonly [least: number, most: number];
  /** How often the relay is killed; the others share the rest. */
  relayShare: number;
  /** Of the app's requests, how many go wrong before, and while, they are executed. */
  appShare: number;
};

const BEFORE = ["500", "close", "hang"] as const satisfies readonly Misbehaviour[];
const AFTER = ["close-after", "hang-after"] as const satisfies readonly Misbehaviour[];

/** Breaks something at random until told to end; then all is up again. Answers what it broke how often. */
export async function causeFaults(
  world: World,
  options: { random: Random; plan: FaultPlan; until: AbortSignal },
): Promise<Record<Fault, number>> {
  const { random, plan, until } = options;
  const caused: Record<Fault, number> = {
    "worker killed": 0,
    "browser restarted": 0,
    "socket cut": 0,
    "relay killed": 0,
  };
  world.app.misbehave((executing) =>
    random.next() < plan.appShare ? random.pick<Misbehaviour>(executing ? AFTER : BEFORE) : null,
  );
  while (!until.aborted) {
    const fault: Fault =
      random.next() < plan.relayShare
        ? "relay killed"
        : random.pick(["worker killed", "browser restarted", "socket cut"]);
    caused[fault] += 1;
    await cause(fault, world, random);
    await delay(random.between(...plan.pause), undefined, { signal: until }).catch(() => undefined);
  }
  world.app.misbehave(() => null);
  return caused;
}

async function cause(fault: Fault, { relay, proxy, devices }: World, random: Random): Promise<void> {
  const device = devices[random.between(0, devices.length - 1)];
  switch (fault) {
    case "worker killed":
      await device?.killWorker();
      await delay(random.between(0, 1_500));
      return device?.wake();
    case "browser restarted":
      return device?.restartBrowser();
    case "socket cut":
      proxy.cutTunnels();
      return;
    case "relay killed":
      await relay.kill();
      await delay(random.between(0, 1_000));
      return relay.start();
    default:
      return fault satisfies never;
  }
}
