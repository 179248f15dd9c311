import {
  storedSchema,
  type CallNotification,
  type CallResult,
  type Changed,
} from "@agent-personas/shared/tunnel/messages";
import type { TunnelSocket } from "./open-socket.ts";
import type { CallTaker } from "./receive-from.ts";

const ACK_MS = 10_000;

/** Sends to whatever socket is attached. Results wait in the outbox until the relay says `stored`. */
export function createSender(deps: { calls: CallTaker }) {
  /** Set once `hello` was taken over: results before it would be answers to nothing. */
  let ready: TunnelSocket | null = null;
  let manifest: Changed | null = null;
  const sending = new Set<CallResult>();

  const deliver = async (socket: TunnelSocket, result: CallResult): Promise<void> => {
    if (sending.has(result)) return;
    sending.add(result);
    try {
      const answer: unknown = await socket.timeout(ACK_MS).emitWithAck("result", result);
      if (storedSchema.safeParse(answer).success) await deps.calls.stored(result.callId);
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
      ready?.volatile.emit("progress", progress);
    },
    log: (log: CallNotification): void => {
      ready?.volatile.emit("log", log);
    },
  };
}

function announce(socket: TunnelSocket, changed: Changed): void {
  // Nothing waits for it, and what is lost is said again after the next connect.
  void socket
    .timeout(ACK_MS)
    .emitWithAck("changed", changed)
    .catch(() => undefined);
}
