import { z } from "zod";
import { startOracleApp, ACCOUNT_HEADER, type OracleApp, type OracleTool } from "../long/oracle-app.ts";
import type { Endpoint } from "../support/clients.ts";
import { startDeviceProcesses, type DeviceInProcess, type DeviceProcesses } from "../support/device-processes.ts";
import { freePort } from "../support/free-port.ts";
import { addPeople } from "../support/people.ts";
import { deploy, keyFor, waitFor, type App, type Deployed } from "../support/product.ts";
import { startRelayProcess, type RelayProcess } from "../support/relay-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startTunnelNetwork, type TunnelNetwork } from "./tunnel-network.ts";

/** Milliseconds; shorter than the product's own, so that a test can wait for them. */
export const DEADLINES = { ownerWait: 2_000, device: 3_000, relay: 4_000 };

/** Relay and browsers in processes of their own, and the app that counts. */
export type FaultWorld = {
  app: OracleApp;
  relay: RelayProcess;
  network: TunnelNetwork;
  host: DeviceProcesses;
  browser: DeviceInProcess;
  persona: Deployed;
  endpoint: Endpoint;
  /** The name that a client calls. */
  name: (tool: OracleTool) => string;
  executions: (marker: string) => number;
} & AsyncDisposable;

const appSchema = z.object({ appId: z.string(), connectionId: z.string() });
const stateSchema = z.object({ tunnel: z.string() });

export async function startFaultWorld(env: Record<string, string> = {}): Promise<FaultWorld> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const [code = ""] = await addPeople(folder.path, 1);
  const app = stack.use(await startOracleApp());
  const network = stack.use(await startTunnelNetwork());
  network.target.port = await freePort();
  const relay = stack.use(
    await startRelayProcess({
      port: network.target.port,
      publicUrl: network.url,
      dataFolder: folder.path,
      env: {
        OWNER_WAIT_MS: String(DEADLINES.ownerWait),
        DEVICE_DEADLINE_MS: String(DEADLINES.device),
        RELAY_DEADLINE_MS: String(DEADLINES.relay),
        ...env,
      },
    }),
  );
  const host = stack.use(startDeviceProcesses());
  const browser = host.device(0);
  await browser.command("relay.pair", { relayUrl: network.url, code, deviceName: "First browser" });
  await online(browser);
  const connected = await connectOracle(browser, app);
  const persona = await deploy(browser, { url: network.url }, connected, { prefixing: false });
  const endpoint = await keyFor(browser, persona);
  const life = stack.move();
  return {
    app,
    relay,
    network,
    host,
    browser,
    persona,
    endpoint,
    name: (tool) => persona.names.get(tool) ?? tool,
    executions: (marker) => app.executions.get(marker)?.count ?? 0,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

export async function connectOracle(browser: DeviceInProcess, app: OracleApp, account = "ada"): Promise<App> {
  const added = appSchema.parse(await browser.command("apps.add", { url: app.url, name: "Oracle" }));
  const { connectionId } = added;
  await browser.command("apps.set-headers", { connectionId, headers: { [ACCOUNT_HEADER]: account } });
  await browser.command("apps.connect", { connectionId });
  return added;
}

export function online(browser: DeviceInProcess): Promise<void> {
  return waitFor(
    "the tunnel",
    async () => stateSchema.parse(await browser.command("status.get", {})).tunnel === "online",
    30_000,
  );
}
