import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import {
  Client,
  type ClientCapabilities,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type RequestOptions,
} from "@modelcontextprotocol/client";
import type { CallerCapabilities, LogLevel } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import { createListening } from "./listen-to-app.ts";
import type { Fetch } from "./oauth/metadata-fetch.ts";
import type { StandingStream } from "./standing-stream.ts";
import { watchStream } from "./watch-stream.ts";
import { within } from "./within.ts";
import {
  CORRELATION,
  tapTransport,
  type Listeners,
  type OnNotice,
  type Params,
  type RawAnswer,
  type Tap,
} from "./tapping-transport.ts";

export type SessionDeps = {
  appUrl: string;
  /** From `createAppFetch`: guards and authenticates. */
  fetch: Fetch;
  version: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** What this session's caller can be asked. */
  capabilities?: CallerCapabilities | undefined;
  onNotice?: OnNotice | undefined;
  standing?: StandingStream | undefined;
  /** Keeps a stream open to hear what the app says outside of requests. */
  listens?: boolean | undefined;
};

export type RequestParts = Listeners & { signal: AbortSignal; onSent?: () => void; headers?: Record<string, string> };

/** One MCP session (2025 eras) or discovered server (2026-07-28) of one caller. */
export type Session = {
  server: { name: string; version: string; title: string | null } | null;
  /** Negotiated revision. */
  protocol: string;
  modern: boolean;
  /** Has an id that the server may forget. */
  stateful: boolean;
  callTool(params: Params, definition: ToolDefinition | null, parts: RequestParts): Promise<RawAnswer>;
  /** Any other method of MCP. */
  request(method: string, params: Params, parts: RequestParts): Promise<RawAnswer>;
  /** Sets what the server logs to this session, where it is set at all and not said with each request. */
  setLogLevel(level: LogLevel, signal: AbortSignal): Promise<void>;
  /** Hears of changes of these resources and no others; only in a session that listens. Each step within `ms`. */
  listen(resources: readonly string[], ms: number): Promise<void>;
  /** Resolves when what the app says outside of requests does not arrive any more in a session that listens. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** Above every deadline of ours, so that only the abort signals decide. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
const GOODBYE_MS = 3_000;

/** @throws what the SDK or the fetch throws; see `describe-failure.ts`. */
export async function openSession(deps: SessionDeps): Promise<Session> {
  try {
    return await connect(deps, "auto");
  } catch (error) {
    // Some older servers answer 5xx to a method they do not know; nothing was executed by asking.
    if (error instanceof SdkHttpError && (error.status ?? 0) >= 500) return connect(deps, "legacy");
    throw error;
  }
}

async function connect(deps: SessionDeps, mode: "auto" | "legacy"): Promise<Session> {
  const made: { tap: Tap | null } = { tap: null };
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const inner = new StreamableHTTPClientTransport(new URL(deps.appUrl), {
    fetch: deps.listens === true ? watchStream(deps.fetch, end) : deps.fetch,
    redirectPolicy: "follow",
    onInsufficientScope: "throw",
    reconnectionScheduler: (reconnect, delay, attempt) => {
      if (attempt === 0) made.tap?.streamPaused();
      const timer = setTimeout(reconnect, delay);
      return () => clearTimeout(timer);
    },
  });
  const tap = tapTransport(inner, deps.onNotice ?? (() => undefined));
  made.tap = tap;
  const client = new Client(
    { name: "agent-personas", title: "Agent Personas", version: deps.version },
    {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Said on as the caller said it, known or not.
      capabilities: tellable(deps.capabilities ?? {}) as ClientCapabilities,
      versionNegotiation: { mode },
      inputRequired: { autoFulfill: false },
      // Results are passed on, not judged; and compiling schemas is forbidden in an extension.
      jsonSchemaValidator: {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It answers what it was given.
        getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
      },
    },
  );
  await client.connect(tap.transport, { timeout: deps.timeoutMs, ...(deps.signal && { signal: deps.signal }) });
  const info = client.getServerVersion();
  let logLevel: LogLevel | null = null;
  const modern = client.getProtocolEra() === "modern";

  const request = async (
    start: (options: RequestOptions) => Promise<unknown>,
    { signal, onSent, headers, ...listeners }: RequestParts,
  ): Promise<RawAnswer> => {
    const letGo = listeners.onAsk === undefined || modern ? undefined : await deps.standing?.hold();
    const key = crypto.randomUUID();
    const awaited = tap.expect(key, listeners);
    const never = new Promise<never>(() => undefined);
    try {
      const running = start({
        headers: { ...headers, [CORRELATION]: key },
        signal,
        timeout: NO_TIMEOUT_MS,
        allowInputRequired: true,
        ...(listeners.onProgress && { onprogress: () => undefined }),
      });
      // The frame arrives before the client has judged it; only a client that got none has a say.
      return await Promise.race([awaited.answer, running.then(() => never)]);
    } finally {
      if (awaited.isSent()) onSent?.();
      awaited.release();
      letGo?.();
    }
  };

  return {
    server: info === undefined ? null : { name: info.name, version: info.version, title: info.title ?? null },
    protocol: client.getNegotiatedProtocolVersion() ?? "",
    modern,
    stateful: inner.sessionId !== undefined,
    callTool(params, definition, parts) {
      const { name } = params;
      const call = { ...params, name: typeof name === "string" ? name : "" };
      return request((options) => {
        const { outputSchema: _unused, ...tool } = definition ?? { name: call.name, inputSchema: { type: "object" } };
        return client.callTool(call, { ...options, toolDefinition: tool });
      }, parts);
    },
    request: (method, params, parts) =>
      request((options) => client.request({ method, params }, z.unknown(), options), parts),
    async setLogLevel(level, signal) {
      if (modern || level === logLevel || client.getServerCapabilities()?.logging === undefined) return;
      await client.request({ method: "logging/setLevel", params: { level } }, z.unknown(), { signal });
      logLevel = level;
    },
    listen: createListening(client, { modern, onEnd: end }),
    ended,
    async close() {
      if (inner.sessionId !== undefined) {
        await within(
          inner.terminateSession().catch(() => undefined),
          GOODBYE_MS,
        );
      }
      await client.close();
    },
  };
}

/** A caller's word of changed roots has no way to its apps, which are therefore not told to wait for it. */
function tellable({ roots, ...others }: CallerCapabilities): CallerCapabilities {
  if (roots === undefined) return others;
  const { listChanged: _untold, ...rest } = roots;
  return { ...others, roots: rest };
}
