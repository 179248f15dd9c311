import { Gauge } from "prom-client";
import type { Store } from "../store/store.ts";
import type { Metrics } from "./metrics.ts";

/** What the parts hold at the moment. */
export type GaugeSources = {
  version: string;
  store: Pick<Store, "db">;
  tunnel: { depths: () => { devices: number; inFlight: number; queued: number; waiting: number } };
  endpoint: {
    counts: () => { requests: number; live: number };
    events: () => { streams: number; bytes: number };
  };
};

/** Gauges that are read when they are asked for, so that keeping them costs nothing. */
export function addGauges({ registry }: Pick<Metrics, "registry">, sources: GaugeSources): void {
  const { tunnel, endpoint, store } = sources;
  const gauge = (name: string, help: string, read: () => number | Promise<number>): Gauge =>
    new Gauge({
      name: `agent_personas_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  gauge("devices", "Browsers whose tunnel stands.", () => tunnel.depths().devices);
  gauge("calls_in_flight", "Calls that are with a browser.", () => tunnel.depths().inFlight);
  gauge("calls_queued", "Calls that wait because their browser has as many as it takes.", () => tunnel.depths().queued);
  gauge("calls_waiting", "Calls that wait for a browser to come back.", () => tunnel.depths().waiting);
  gauge("requests_open", "MCP requests and streams that are being answered.", () => endpoint.counts().requests);
  gauge("sessions_live", "MCP sessions with something open.", () => endpoint.counts().live);
  gauge("sessions_stored", "MCP sessions that clients can come back to.", () => countSessions(store));
  gauge("event_streams", "Streams kept for clients that were cut off.", () => endpoint.events().streams);
  gauge("event_bytes", "Characters that these streams hold in memory.", () => endpoint.events().bytes);
  new Gauge({
    name: "agent_personas_info",
    help: "Always 1; the version is the label.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version: sources.version }, 1);
}

async function countSessions({ db }: Pick<Store, "db">): Promise<number> {
  const counted = db.selectFrom("sessions").select((eb) => eb.fn.countAll<number>().as("stored"));
  return (await counted.executeTakeFirstOrThrow()).stored;
}
