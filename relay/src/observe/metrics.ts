import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Seconds; calls may take up to their deadline, lists a few milliseconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type Metrics = ReturnType<typeof createMetrics>;

/** What is counted as it happens. A registry of its own, so that several relays of a process do not mix. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "agent_personas_request_seconds",
      help: "From an MCP request until its answer is out, by method of MCP; streams without end are left out.",
      labelNames: ["method"],
      buckets: BUCKETS,
      registers,
    }),
    refusals: new Counter({
      name: "agent_personas_refusals_total",
      help: "MCP requests answered with a transport fault, by its code.",
      labelNames: ["code"],
      registers,
    }),
    calls: new Counter({
      name: "agent_personas_calls_total",
      help: "Calls given to the tunnel, by method and by how they ended: result, tool_error, error, parked or a fault's code.",
      labelNames: ["method", "outcome"],
      registers,
    }),
    callSeconds: new Histogram({
      name: "agent_personas_call_seconds",
      help: "From giving a call to the tunnel until its outcome: waiting for a browser, tunnel, browser and app.",
      buckets: BUCKETS,
      registers,
    }),
    tunnelSeconds: new Histogram({
      name: "agent_personas_tunnel_seconds",
      help: "What of a call was spent outside of the browser: waiting for it and both ways through the tunnel.",
      buckets: BUCKETS,
      registers,
    }),
    appSeconds: new Histogram({
      name: "agent_personas_app_seconds",
      help: "What of a call was spent waiting for the app, as the browser reports it.",
      buckets: BUCKETS,
      registers,
    }),
    limitRefusals: new Counter({
      name: "agent_personas_limit_refusals_total",
      help: "What was refused because of a limit: rate, budget, or address (too many bad credentials).",
      labelNames: ["limit"],
      registers,
    }),
    signIns: new Counter({
      name: "agent_personas_sign_ins_total",
      help: "Sign-ins of AI clients that a person answered, by answer.",
      labelNames: ["answer"],
      registers,
    }),
  };
}

/** Memory, garbage collection and event loop of the process; measured only where somebody can look. */
export function addProcessMetrics({ registry }: Pick<Metrics, "registry">): void {
  collectDefaultMetrics({ register: registry });
}
