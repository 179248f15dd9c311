import {
  callSchema,
  cancelSchema,
  goSchema,
  listenSchema,
  revokedSchema,
  signInSchema,
  syncSchema,
  type Accepted,
  type Call,
  type CallResult,
  type Listen,
  type Revoked,
  type SignIn,
  type Sync,
} from "@agent-personas/shared/tunnel/messages";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import type { z } from "zod";
import type { TunnelSocket } from "./open-socket.ts";

/** Who takes calls in hand and knows which are open. */
export type CallTaker = {
  ledgerId: () => Promise<string>;
  receive: (call: Call) => Promise<Accepted>;
  go: (callId: string) => void;
  cancel: (callId: string, reason: string) => void;
  hello: () => Promise<Hello>;
  outbox: () => Promise<CallResult[]>;
  stored: (callId: string) => void;
};

/** Parses what the relay sends; a message that does not fit its schema is not answered. */
export function receiveFrom(
  socket: TunnelSocket,
  to: {
    calls: CallTaker;
    onListen: (listen: Listen) => void;
    onSync: (sync: Sync) => void;
    onSignIn: (signIn: SignIn) => void;
    onRevoked: (revoked: Revoked) => void;
  },
): void {
  socket.on("call", (message, ack) => {
    const call = read(callSchema, message);
    if (call !== null) void to.calls.receive(call).then(ack, () => undefined);
  });
  socket.on("go", (message) => {
    const go = read(goSchema, message);
    if (go !== null) to.calls.go(go.callId);
  });
  socket.on("cancel", (message) => {
    const cancel = read(cancelSchema, message);
    if (cancel !== null) to.calls.cancel(cancel.callId, cancel.reason);
  });
  socket.on("listen", (message, ack) => {
    const listen = read(listenSchema, message);
    if (listen === null) return;
    ack({ stored: true });
    to.onListen(listen);
  });
  socket.on("sync", (message, ack) => {
    const sync = read(syncSchema, message);
    if (sync === null) return;
    ack({ stored: true });
    to.onSync(sync);
  });
  socket.on("sign-in", (message, ack) => {
    const signIn = read(signInSchema, message);
    if (signIn === null) return;
    ack({ stored: true });
    to.onSignIn(signIn);
  });
  socket.on("revoked", (message, ack) => {
    const revoked = read(revokedSchema, message);
    if (revoked === null) return;
    ack({ stored: true });
    to.onRevoked(revoked);
  });
}

function read<T>(schema: z.ZodType<T>, message: unknown): T | null {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data : null;
}
