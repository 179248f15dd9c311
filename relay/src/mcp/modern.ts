import { createMcpHandler, type InboundClassificationOutcome } from "@modelcontextprotocol/server";
import type { RelayDeps } from "../deps.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import { checkScope } from "./check-scope.ts";
import { clientOfMessage } from "./client-name.ts";
import type { Exchange } from "./exchange.ts";
import type { Inbound } from "./legacy.ts";
import { noteUse } from "./note-use.ts";
import { isServed, type PersonaServers } from "./persona-server.ts";

const MAX_SUBSCRIPTIONS = 10_000;
const KEEP_ALIVE_MS = 15_000;

/** The revision without sessions, and every refusal of the classification. */
export type Modern = {
  handle: (inbound: Inbound, outcome: InboundClassificationOutcome) => Promise<Response>;
  close: () => Promise<void>;
};

export function createModern(
  deps: Pick<RelayDeps, "usage" | "log"> & {
    servers: PersonaServers;
    exchanges: WeakMap<Request, Exchange>;
    stepUps: StepUps;
  },
): Modern {
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo === undefined ? undefined : deps.exchanges.get(requestInfo);
      if (requestInfo === undefined || exchange === undefined) throw new Error("A request without its exchange.");
      // The SDK has already compared this header with the body.
      const answers = isServed(requestInfo.headers.get("mcp-method"));
      return deps.servers(exchange.persona, { era: "modern", answers });
    },
    {
      legacy: "reject",
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      keepAliveMs: KEEP_ALIVE_MS,
      onerror: (error) => deps.log.debug({ err: error }, "mcp request refused"),
    },
  );
  return {
    handle: async ({ request, body, caller, traceparent }, outcome) => {
      if (outcome.kind === "modern") {
        checkScope(body, caller, deps.stepUps);
        const client = clientOfMessage(body);
        noteUse(deps.usage, caller.principal, client);
        deps.exchanges.set(request, { ...caller, era: "modern", client, session: null, traceparent });
      }
      return handler.fetch(request, { parsedBody: body });
    },
    close: handler.close,
  };
}
