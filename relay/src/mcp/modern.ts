import { AsyncLocalStorage } from "node:async_hooks";
import {
  LISTENED_RESOURCES,
  LISTENED_URI_LENGTH,
  logLevelSchema,
  type Notice,
} from "@agent-personas/shared/tunnel/messages";
import {
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type InboundClassificationOutcome,
  type ServerEvent,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import { callerCapabilities } from "./caller-capabilities.ts";
import { checkParamHeaders } from "./check-param-headers.ts";
import { checkScope } from "./check-scope.ts";
import { clientOfMessage } from "./client-name.ts";
import type { Exchange } from "./exchange.ts";
import type { Inbound } from "./legacy.ts";
import { noteUse } from "./note-use.ts";
import type { Notices } from "./notices.ts";
import { isServed, type PersonaServers } from "./persona-server.ts";

const MAX_SUBSCRIPTIONS = 10_000;
const KEEP_ALIVE_MS = 15_000;

/** The revision without sessions, and every refusal of the classification. */
export type Modern = {
  /** Whether headers and body say the same; before anything counts. @throws ProtocolError -32020 */
  checkHeaders: (inbound: Pick<Inbound, "request" | "body" | "caller">) => void;
  handle: (inbound: Inbound, outcome: InboundClassificationOutcome) => Promise<Response>;
  close: () => Promise<void>;
};

export function createModern(
  deps: Pick<RelayDeps, "usage" | "log"> & {
    servers: PersonaServers;
    exchanges: WeakMap<Request, Exchange>;
    stepUps: StepUps;
    notices: Notices;
  },
): Modern {
  /** Which request a stream belongs to that the SDK opens: it does not say. */
  const listening = new AsyncLocalStorage<{ exchange: Exchange; wish: Wish }>();
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
      bus: {
        // Every stream hears of its own persona only, so nothing is ever said to all.
        publish: () => undefined,
        subscribe: (tell) => {
          const opened = listening.getStore();
          if (opened === undefined) return () => undefined;
          const { exchange, wish } = opened;
          return deps.notices.add({
            caller: { principal: exchange.principal, persona: exchange.persona },
            lists: () => wish.lists,
            uris: () => wish.uris,
            deliver: (method, params) => tell(eventOf(method, params)),
          }).remove;
        },
      },
      onerror: (error) => deps.log.debug({ err: error }, "mcp request refused"),
    },
  );
  return {
    checkHeaders: ({ request, body, caller }) =>
      checkParamHeaders(body, request.headers, { persona: caller.persona, client: clientOfMessage(body) }),
    handle: async ({ request, body, caller, requestId, traceparent, hearsStreams }, outcome) => {
      if (outcome.kind === "modern") {
        checkScope(body, caller, deps.stepUps);
        const client = clientOfMessage(body);
        noteUse(deps.usage, caller.principal, client);
        const exchange: Exchange = {
          ...caller,
          era: "modern",
          client,
          session: null,
          requestId,
          traceparent,
          hearsStreams,
          ...envelopeOf(body),
        };
        deps.exchanges.set(request, exchange);
        return listening.run({ exchange, wish: wishOf(body) }, () => handler.fetch(request, { parsedBody: body }));
      }
      return handler.fetch(request, { parsedBody: body });
    },
    close: handler.close,
  };
}

/** What a `subscriptions/listen` asks to hear. */
type Wish = { lists: boolean; uris: ReadonlySet<string> };

const listenSchema = z.looseObject({
  method: z.literal("subscriptions/listen"),
  params: z.looseObject({
    notifications: z.looseObject({
      toolsListChanged: z.boolean().optional(),
      promptsListChanged: z.boolean().optional(),
      resourcesListChanged: z.boolean().optional(),
      resourceSubscriptions: z.array(z.string()).optional(),
    }),
  }),
});

/** @throws ProtocolError -32602 for more than is listened to: the SDK would acknowledge all of it */
function wishOf(body: unknown): Wish {
  const filter = listenSchema.safeParse(body).data?.params.notifications;
  const { toolsListChanged, promptsListChanged, resourcesListChanged, resourceSubscriptions = [] } = filter ?? {};
  const lists = [toolsListChanged, promptsListChanged, resourcesListChanged].includes(true);
  const uris = new Set(resourceSubscriptions);
  if (uris.size > LISTENED_RESOURCES || [...uris].some(({ length }) => length > LISTENED_URI_LENGTH)) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `One stream listens to ${LISTENED_RESOURCES} resources at most, each of ${LISTENED_URI_LENGTH} characters at most`,
    );
  }
  return { lists, uris };
}

const envelopeSchema = z.looseObject({ params: z.looseObject({ _meta: z.looseObject({}) }) });

/** What each request of this revision says of its client. */
function envelopeOf(body: unknown): Pick<Exchange, "capabilities" | "logLevel"> {
  const meta = envelopeSchema.safeParse(body).data?.params._meta ?? {};
  const level = logLevelSchema.safeParse(meta[LOG_LEVEL_META_KEY]);
  return {
    capabilities: callerCapabilities(meta[CLIENT_CAPABILITIES_META_KEY]),
    logLevel: level.success ? level.data : null,
  };
}

function eventOf(method: Notice["method"], params: Record<string, unknown>): ServerEvent {
  switch (method) {
    case "notifications/tools/list_changed":
      return { kind: "tools_list_changed" };
    case "notifications/prompts/list_changed":
      return { kind: "prompts_list_changed" };
    case "notifications/resources/list_changed":
      return { kind: "resources_list_changed" };
    case "notifications/resources/updated":
      return { kind: "resource_updated", uri: String(params["uri"]), params };
  }
}
