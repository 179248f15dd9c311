import { startDeviceProcesses } from "../support/device-processes.ts";
import { freePort } from "../support/free-port.ts";
import { addPeople } from "../support/people.ts";
import { connectApp, deploy, keyFor, waitFor } from "../support/product.ts";
import { startRelayProcess } from "../support/relay-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { z } from "zod";
import { compare } from "./compare.ts";
import { createPoster, mcpRequest } from "./post-json.ts";
import { round } from "./spread.ts";
import { startPart } from "./start-part.ts";

const WARM_UP = 2_000;
const COUNTS = [
  [1, 1_000],
  [16, 3_200],
  [64, 3_200],
] as const;

/**
 * One echo through relay, tunnel and the extension's core in Node, by a tool that reads and by one that writes (and so
 * waits for `go`); directly; and over the least there can be.
 */
export async function benchCall() {
  await using stack = new AsyncDisposableStack();
  const app = stack.use(await startPart("app"));
  const server = stack.use(await startPart("bare-server"));
  stack.use(await startPart("bare-device", server.url));
  const through = stack.use(await startThrough(app.url));
  using poster = createPoster();
  const args = { arguments: { message: "hello" } };
  const whole = mcpRequest(through.accessKey, "tools/call", { name: through.tool, ...args });
  const writing = mcpRequest(through.accessKey, "tools/call", { name: through.writingTool, ...args });
  const direct = mcpRequest(null, "tools/call", { name: "echo", ...args });
  const ways = {
    through: () => poster.post(through.url, whole.headers, whole.body),
    writing: () => poster.post(through.url, writing.headers, writing.body),
    direct: () => poster.post(app.url, direct.headers, direct.body),
    floor: () => poster.post(`${server.url}/call`, {}, direct.body),
  };
  if (!(await ways.through()).includes("hello")) throw new Error("The echo does not come back.");
  const results: Record<string, unknown> = {};
  for (const [atOnce, count] of COUNTS) {
    const before = await through.cpuMs();
    const measured = await compare(ways, { count, atOnce, warmUp: WARM_UP });
    const after = await through.cpuMs();
    const calls = measured.through.count + measured.writing.count + 2 * WARM_UP;
    results[`${atOnce} at once`] = {
      ...measured,
      addedP50: round(measured.through.p50 - measured.direct.p50),
      ofDirectThroughput: round(measured.through.perSecond / measured.direct.perSecond),
      ofFloorThroughput: round(measured.through.perSecond / measured.floor.perSecond),
      // Of the processor, for each call of either kind; says the same on a busy machine.
      relayCpuMs: round((after.relay - before.relay) / calls),
      deviceCpuMs: round((after.device - before.device) / calls),
    };
  }
  return results;
}

/** Relay and device in processes of their own, and a key for a persona of the app. */
export async function startThrough(appUrl: string) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const [code = ""] = await addPeople(folder.path, 1);
  const port = await freePort();
  const relayUrl = `http://localhost:${port}`;
  const relay = stack.use(await startRelayProcess({ port, publicUrl: relayUrl, dataFolder: folder.path }));
  const host = stack.use(startDeviceProcesses());
  const device = host.device(0);
  await device.command("relay.pair", { relayUrl, code, deviceName: "Bench" });
  await waitFor("the tunnel", async () => {
    const { tunnel } = z.object({ tunnel: z.string() }).parse(await device.command("status.get", {}));
    return tunnel === "online";
  });
  const persona = await deploy(device, { url: relayUrl }, await connectApp(device, appUrl, "Bench App"));
  const endpoint = await keyFor(device, persona);
  const life = stack.move();
  return {
    ...endpoint,
    tool: persona.names.get("echo") ?? "",
    writingTool: persona.names.get("send") ?? "",
    relay,
    device,
    cpuMs: async () => ({ relay: (await relay.heap()).cpuMs, device: (await host.memory()).cpuMs }),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
