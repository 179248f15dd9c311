import {
  answerSchema,
  storedSchema,
  type Ask,
  type Away,
  type CallNotification,
  type CallResult,
  type Changed,
  type Notice,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import { needsParts, splitIntoParts } from "@agent-personas/shared/tunnel/parts";
import type { TunnelSocket } from "./open-socket.ts";
import type { CallTaker } from "./receive-from.ts";

const ACK_MS = 10_000;
/** Messages that wait in the socket. */
const LAG = 64;
/** Above every deadline of a call, so that only the call's own signal ends a question. */
const ASK_MS = 3_600_000;

/** Sends to whatever socket is attached. Results wait in the outbox until the relay says `stored`. */
export function createSender(deps: { calls: CallTaker }) {
  /** Set once `hello` was taken over: results before it would be answers to nothing. */
  let ready: TunnelSocket | null = null;
  let manifest: Changed | null = null;
  const sending = new Set<CallResult>();
  const waiting = new Set<(socket: TunnelSocket) => void>();

  const deliver = async (socket: TunnelSocket, result: CallResult): Promise<void> => {
    if (sending.has(result)) return;
    sending.add(result);
    try {
      if (await delivered(socket, result)) deps.calls.stored(result.callId);
    } catch {
      // Not taken over: it stays in the outbox until the next flush.
    } finally {
      sending.delete(result);
    }
  };

  const flush = async (socket: TunnelSocket): Promise<void> => {
    for (const result of await deps.calls.outbox()) {
      if (ready !== socket) return;
      await deliver(socket, result);
    }
  };

  /** The socket that is attached, or the next one. */
  const whenReady = (signal: AbortSignal): Promise<TunnelSocket> => {
    signal.throwIfAborted();
    if (ready !== null) return Promise.resolve(ready);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        waiting.delete(use);
        signal.removeEventListener("abort", abort);
        act();
      };
      const use = (socket: TunnelSocket): void => settle(() => resolve(socket));
      const abort = (): void => settle(() => reject(signal.reason));
      waiting.add(use);
      signal.addEventListener("abort", abort, { once: true });
    });
  };

  return {
    /** Says hello, then delivers what is left. False when the relay did not take the hello over. */
    attach: async (socket: TunnelSocket): Promise<boolean> => {
      try {
        const answer: unknown = await socket.timeout(ACK_MS).emitWithAck("hello", await deps.calls.hello());
        if (!storedSchema.safeParse(answer).success || !socket.connected) return false;
      } catch {
        return false;
      }
      ready = socket;
      for (const use of waiting) use(socket);
      if (manifest !== null) announce(socket, manifest);
      void flush(socket);
      return true;
    },
    detach: (): void => {
      ready = null;
    },
    flush: (): void => {
      if (ready !== null) void flush(ready);
    },
    publish: (changed: Changed): void => {
      manifest = changed;
      if (ready !== null) announce(ready, changed);
    },
    result: (result: CallResult): void => {
      if (ready !== null) void deliver(ready, result);
    },
    progress: (progress: CallNotification): void => {
      if (keepsUp(ready)) ready.emit("progress", progress);
    },
    log: (log: CallNotification): void => {
      if (keepsUp(ready)) ready.emit("log", log);
    },
    elicited: (elicited: CallNotification): void => {
      if (keepsUp(ready)) ready.emit("elicited", elicited);
    },
    away: (away: Away): void => {
      if (keepsUp(ready)) ready.emit("away", away);
    },
    /** What is lost is of no use later: after a reconnect the relay asks anew for what it wants to hear of. */
    notice: (notice: Notice): void => {
      if (!keepsUp(ready)) return;
      void ready
        .timeout(ACK_MS)
        .emitWithAck("notice", notice)
        .catch(() => undefined);
    },
    /**
     * Puts an app's question to the caller, again after each reconnect until it is answered.
     * @throws the signal's reason
     */
    ask: async (ask: Ask, signal: AbortSignal): Promise<Outcome> => {
      for (;;) {
        const socket = await whenReady(signal);
        const answer = await asked(socket, ask, signal);
        if (answer !== null) return answer;
        if (ready === socket) return unanswered;
      }
    },
  };
}

const taken = async (answer: Promise<unknown>): Promise<boolean> => storedSchema.safeParse(await answer).success;

/** Whether the relay took the result over; a long one goes in parts, each taken over before the next. */
async function delivered(socket: TunnelSocket, result: CallResult): Promise<boolean> {
  if (!needsParts(result)) return taken(socket.timeout(ACK_MS).emitWithAck("result", result));
  for (const part of splitIntoParts(result)) {
    if (!(await taken(socket.timeout(ACK_MS).emitWithAck("part", part)))) return false;
  }
  return true;
}

/** Nothing waits for it, and what is lost is said again after the next connect. */
function announce(socket: TunnelSocket, changed: Changed): void {
  void socket
    .timeout(ACK_MS)
    .emitWithAck("changed", changed)
    .catch(() => undefined);
}

const unanswered: Outcome = { kind: "error", error: { code: -32_603, message: "The question was not answered" } };

/** The caller's answer; null when the socket went, or the relay said something else. */
async function asked(socket: TunnelSocket, ask: Ask, signal: AbortSignal): Promise<Outcome | null> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    const told = socket
      .timeout(ASK_MS)
      .emitWithAck("ask", ask)
      .then(
        (answer: unknown) => answerSchema.safeParse(answer),
        () => null,
      );
    const answer = await Promise.race([told, promise]);
    return answer?.success === true ? answer.data.outcome : null;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Messages that may get lost are left out only when the socket lags behind; Socket.IO's own `volatile` loses them
 * whenever another one is just on its way.
 */
const keepsUp = (socket: TunnelSocket | null): socket is TunnelSocket =>
  socket?.connected === true && socket.io.engine.writeBuffer.length < LAG;
