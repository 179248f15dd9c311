import { setTimeout as delay } from "node:timers/promises";
import { startThrough } from "./bench-call.ts";
import { createPoster, mcpRequest } from "./post-json.ts";
import { spread } from "./spread.ts";
import { startPart } from "./start-part.ts";

const WORKERS = 30;
const RELAYS = 10;

/** From a death to the next answered call, which is sent at once. Milliseconds. */
export async function benchWake() {
  await using app = await startPart("app");
  await using through = await startThrough(app.url);
  using poster = createPoster();
  const params = { name: through.tool, arguments: { message: "hello" } };
  const { headers, body } = mcpRequest(through.accessKey, "tools/call", params);
  const answered = async (since: number): Promise<number> => {
    const text = await poster.post(through.url, headers, body);
    if (!text.includes('"hello"')) throw new Error(`No echo: ${text.slice(0, 300)}`);
    return performance.now() - since;
  };
  const alive: number[] = [];
  const worker: number[] = [];
  const relay: number[] = [];
  for (let time = 0; time < WORKERS; time += 1) {
    await answered(performance.now());
    alive.push(await answered(performance.now()));
    await through.device.killWorker();
    const begun = performance.now();
    await through.device.wake();
    worker.push(await answered(begun));
  }
  for (let time = 0; time < RELAYS; time += 1) {
    // Long enough that the device's pause between attempts is the first again.
    await delay(3_000);
    await through.relay.kill();
    await through.relay.start();
    relay.push(await answered(performance.now()));
  }
  return {
    "nothing died": spread(alive),
    "worker killed": spread(worker),
    "relay killed and ready again": spread(relay),
  };
}
