import { z } from "zod";
import type { Endpoint } from "../support/clients.ts";
import { startCutProxy, type CutProxy } from "../support/cut-proxy.ts";
import { startDeviceProcesses, type DeviceInProcess, type DeviceProcesses } from "../support/device-processes.ts";
import { freePort } from "../support/free-port.ts";
import { addPeople } from "../support/people.ts";
import { deploy, keyFor, waitFor } from "../support/product.ts";
import { startRelayProcess, type RelayProcess } from "../support/relay-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ACCOUNT_HEADER, startOracleApp, TOOLS, type OracleApp, type OracleTool } from "./oracle-app.ts";

/** Milliseconds; shorter than the product's own, so that thousands of calls can hang. */
export const DEADLINES = { ownerWait: 4_000, device: 5_000, relay: 6_000 };

/** One access key of a person, and the account that its calls must arrive with. */
export type Key = { endpoint: Endpoint; account: string; person: number; names: Record<OracleTool, string> };

/** Relay, browsers of several people, and their app: each in a process that can be killed, but the app, which judges. */
export type World = {
  app: OracleApp;
  relay: RelayProcess;
  proxy: CutProxy;
  devices: readonly DeviceInProcess[];
  host: DeviceProcesses;
  keys: readonly Key[];
} & AsyncDisposable;

const pairedAppSchema = z.object({ appId: z.string(), connectionId: z.string() });
const stateSchema = z.object({ tunnel: z.string() });

export async function startWorld(size: { people: number; keysEach: number }): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const codes = await addPeople(folder.path, size.people);
  const app = stack.use(await startOracleApp());
  const proxy = stack.use(await startCutProxy());
  proxy.target.port = await freePort();
  const relay = stack.use(
    await startRelayProcess({
      port: proxy.target.port,
      publicUrl: proxy.url,
      dataFolder: folder.path,
      env: {
        OWNER_WAIT_MS: String(DEADLINES.ownerWait),
        DEVICE_DEADLINE_MS: String(DEADLINES.device),
        RELAY_DEADLINE_MS: String(DEADLINES.relay),
      },
    }),
  );
  const host = stack.use(startDeviceProcesses());
  const devices: DeviceInProcess[] = [];
  const keys: Key[] = [];
  for (const [person, code] of codes.entries()) {
    const device = host.device(person);
    devices.push(device);
    await pairPatiently(device, { relayUrl: proxy.url, code, deviceName: `Browser ${person}` });
    await waitUntilOnline(device);
    keys.push(...(await deployFor(person, { device, app, relayUrl: proxy.url, count: size.keysEach })));
  }
  const life = stack.move();
  return { app, relay, proxy, devices, host, keys, [Symbol.asyncDispose]: () => life.disposeAsync() };
}

export function waitUntilOnline(device: DeviceInProcess): Promise<void> {
  return waitFor(
    "the tunnel",
    async () => stateSchema.parse(await device.command("status.get", {})).tunnel === "online",
    60_000,
  );
}

/** So many browsers of one address have to wait their turn. */
async function pairPatiently(device: DeviceInProcess, input: Record<string, string>): Promise<void> {
  for (;;) {
    try {
      await device.command("relay.pair", input);
      return;
    } catch (error) {
      const seconds = /"rate_limited".*"retryAfter":"(\d+)"/u.exec(String(error))?.[1];
      if (seconds === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1_000));
    }
  }
}

async function deployFor(
  person: number,
  { device, app, relayUrl, count }: { device: DeviceInProcess; app: OracleApp; relayUrl: string; count: number },
): Promise<Key[]> {
  const account = `account-${person}`;
  const added = pairedAppSchema.parse(await device.command("apps.add", { url: app.url, name: "Oracle" }));
  const { connectionId } = added;
  await device.command("apps.set-headers", { connectionId, headers: { [ACCOUNT_HEADER]: account } });
  await device.command("apps.connect", { connectionId });
  const persona = await deploy(device, { url: relayUrl }, added, { name: `Persona of ${person}`, prefix: "Oracle" });
  const names = namesOf(persona.names);
  const keys: Key[] = [];
  for (let number = 0; number < count; number += 1) {
    keys.push({ endpoint: await keyFor(device, persona), account, person, names });
  }
  return keys;
}

function namesOf(exposed: ReadonlyMap<string, string>): Record<OracleTool, string> {
  const name = (tool: OracleTool): string => {
    const found = exposed.get(tool);
    if (found === undefined) throw new Error(`The persona has no tool for ${tool}: ${Object.keys(TOOLS).join(", ")}.`);
    return found;
  };
  return { note: name("note"), put: name("put"), look: name("look") };
}
