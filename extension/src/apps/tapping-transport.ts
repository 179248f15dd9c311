import { askSchema, noticeSchema, type Ask, type Notice, type Outcome } from "@agent-personas/shared/tunnel/messages";
import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  type StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/client";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { OVERSIZE } from "./app-fetch.ts";

/** Marks a request among the options that the SDK hands through to the transport; never leaves the browser. */
export const CORRELATION = "x-agent-personas-request";

export type Params = Record<string, unknown>;
/** An answer exactly as the app sent it. */
export type RawAnswer =
  | { kind: "result"; result: Params }
  | { kind: "error"; error: { code: number; message: string; data?: unknown } };

/** What an app asks. */
export type Question = Pick<Ask, "method" | "params">;

export type Listeners = {
  onProgress?: (params: Params) => void;
  onLog?: (params: Params) => void;
  /** The app ended the stream of its answer; it is asked for the rest. */
  onAway?: () => void;
  /** The app says that what a person did at a link is complete. */
  onElicited?: (params: Params) => void;
  /** Answers what the app asks of this caller. */
  onAsk?: (question: Question) => Promise<Outcome>;
  /** The answer to all questions of which this caller is not asked any more; null while it is. */
  whyNotAsk?: () => Outcome | null;
  /** A question is open that may be of this request, until the answer is called; that resolves when work can go on. */
  onWait?: () => () => Promise<void>;
};

/** What the app says outside of any request. */
export type OnNotice = (method: Notice["method"], params: Params) => void;

export type Awaited = {
  /** Settles with the raw frame; rejects when its stream or the connection ends first. */
  answer: Promise<RawAnswer>;
  isSent(): boolean;
  /** Must be called when the request is over; ends what is left of its stream. */
  release(): void;
};

export type Tap = {
  transport: Transport;
  expect(key: string, listeners: Listeners): Awaited;
  /** A stream ended that will be resumed. Which request it was for is known when there is one. */
  streamPaused(): void;
};

type SendOptions = NonNullable<Parameters<StreamableHTTPClientTransport["send"]>[1]>;

type Waiting = Listeners & {
  id: RequestId | null;
  settle(answer: RawAnswer): void;
  fail(error: unknown): void;
  stream: AbortController;
};

/** Requests through which one question is put, each after the one before has ended. */
const MAX_CARRIERS = 4;

/** The connection ended after the request was sent and before its answer. */
export class StreamEndedError extends Error {
  override readonly name = "StreamEndedError";
}

/**
 * A transport that keeps answers as they came. The SDK's client drops unknown members and refuses unknown content,
 * which is right for a client and wrong for a proxy; so it negotiates and frames, and we read the frames here.
 */
export function tapTransport(inner: StreamableHTTPClientTransport, onNotice: OnNotice): Tap {
  const byKey = new Map<string, Waiting>();
  const byId = new Map<RequestId, Waiting>();
  let streamError = "";

  const observe = (message: JSONRPCMessage): void => {
    if ("method" in message) {
      const params: Params = { ...message.params };
      const notice = noticeSchema.shape.method.safeParse(message.method);
      if (notice.success) onNotice(notice.data, params);
      // The SDK uses the request's id as its progress token.
      const token = params["progressToken"];
      if (message.method === "notifications/progress" && (typeof token === "string" || typeof token === "number")) {
        byId.get(token)?.onProgress?.(params);
      }
      if (message.method === "notifications/message") newestOf(byId)?.onLog?.(params);
      if (message.method === "notifications/elicitation/complete") newestOf(byId)?.onElicited?.(params);
      return;
    }
    const waiting = message.id === undefined ? undefined : byId.get(message.id);
    if (waiting === undefined) return;
    if ("result" in message) waiting.settle({ kind: "result", result: message.result });
    else waiting.settle({ kind: "error", error: message.error });
  };

  /** Through another request when the one that carries it ends first: it need not be the one that waits. */
  const put = async (question: Question, first: Waiting | undefined): Promise<Outcome | undefined> => {
    let [carrier, outcome]: [Waiting | undefined, Outcome | undefined] = [first, undefined];
    for (let times = 0; times < MAX_CARRIERS && carrier !== undefined; times += 1) {
      outcome = await carrier.onAsk?.(question).catch(() => undefined);
      if (outcome?.kind === "result" || !carrier.stream.signal.aborted) break;
      carrier = carrierOf(byId);
    }
    return outcome;
  };

  /**
   * Not for the SDK's client, which would drop what it does not know. All requests of a session are one caller's, so
   * any of them can carry the question; which of them waits for the answer is not said, so all do.
   */
  const answer = async ({ id, params }: JSONRPCRequest, method: Ask["method"]): Promise<void> => {
    const question = { method, params: { ...params } };
    const carrier = carrierOf(byId);
    const others = [...byId.values()].filter((each) => each !== carrier);
    const goOn = others.flatMap((each) => each.onWait?.() ?? []);
    const outcome = await put(question, carrier);
    // Not waited for: what works for the answer must not wait in line behind others that do the same.
    for (const each of goOn) void each().catch(() => undefined);
    await inner.send(
      outcome?.kind === "result"
        ? { jsonrpc: "2.0", id, result: outcome.result }
        : { jsonrpc: "2.0", id, error: outcome?.kind === "error" ? outcome.error : nobody },
    );
  };

  const transport: Transport = {
    hasPerRequestStream: true,
    get sessionId() {
      return inner.sessionId;
    },
    start: () => inner.start(),
    close: () => inner.close(),
    setProtocolVersion: (version) => inner.setProtocolVersion(version),
    send(message, options) {
      const { [CORRELATION]: key, ...headers } = options?.headers ?? {};
      const waiting = key === undefined ? undefined : byKey.get(key);
      if (waiting === undefined || !("method" in message) || !("id" in message)) {
        return inner.send(message, definedOnly(options));
      }
      waiting.id = message.id;
      byId.set(message.id, waiting);
      const signals = [waiting.stream.signal, options?.requestSignal].filter((signal) => signal !== undefined);
      return inner.send(message, {
        ...definedOnly(options),
        headers,
        requestSignal: AbortSignal.any(signals),
        onRequestStreamEnd: () => waiting.fail(streamEnd(streamError)),
      });
    },
  };

  Object.assign(inner, {
    onmessage(message: JSONRPCMessage): void {
      const ask = isJSONRPCRequest(message) ? askSchema.shape.method.safeParse(message.method) : null;
      if (ask?.success === true && isJSONRPCRequest(message)) {
        void answer(message, ask.data).catch(() => undefined);
        return;
      }
      observe(message);
      transport.onmessage?.(message);
    },
    onerror(error: Error): void {
      streamError = error.message;
      transport.onerror?.(error);
    },
    onclose(): void {
      for (const waiting of byKey.values()) waiting.fail(new StreamEndedError("The session was closed."));
      transport.onclose?.();
    },
  } satisfies Pick<Transport, "onmessage" | "onerror" | "onclose">);

  return {
    transport,
    streamPaused() {
      if (byId.size === 1) newestOf(byId)?.onAway?.();
    },
    expect(key, listeners) {
      const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
      promise.catch(() => undefined);
      const waiting: Waiting = { ...listeners, id: null, settle: resolve, fail: reject, stream: new AbortController() };
      byKey.set(key, waiting);
      return {
        answer: promise,
        isSent: () => waiting.id !== null,
        release() {
          byKey.delete(key);
          if (waiting.id !== null) byId.delete(waiting.id);
          waiting.stream.abort();
        },
      };
    },
  };
}

const nobody = { code: -32_603, message: "Nobody can be asked" };

/** The transport takes absent options, not undefined ones. */
function definedOnly(options: TransportSendOptions | undefined): SendOptions {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
}

/** The SDK reports the reason of a broken stream as text, just before it reports its end. */
function streamEnd(reason: string): Error {
  if (reason.includes(OVERSIZE)) return new AppError("result_too_large", { detail: { cap: "16 MiB" } });
  return new StreamEndedError("The stream ended without an answer.");
}

/**
 * What does not name its request goes to the newest: all requests of a session are one caller's, and of an older one
 * the caller may have been told to come back later.
 */
function newestOf(waiting: ReadonlyMap<RequestId, Waiting>): Waiting | undefined {
  return [...waiting.values()].at(-1);
}

/** The newest whose caller can be asked; where none can, one that says why. */
function carrierOf(waiting: ReadonlyMap<RequestId, Waiting>): Waiting | undefined {
  const asking = [...waiting.values()].filter(({ onAsk }) => onAsk !== undefined);
  return asking.findLast(({ whyNotAsk }) => (whyNotAsk?.() ?? null) === null) ?? asking.at(-1);
}
