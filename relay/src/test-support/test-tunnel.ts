import { createId } from "@agent-personas/shared/primitives/id";
import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Tunnel } from "../deps.ts";
import {
  connectDevice,
  deliver,
  textOutcome,
  type ConnectOptions,
  type DeviceKeys,
  type DeviceSocket,
} from "./test-device.ts";
import { SLOT_ID } from "./test-persona.ts";
import { createOwner, type Owner } from "./owner.ts";
import { startPreparedRelay, type PreparedRelay } from "./prepared-relay.ts";

export const PERSONA_ID = createId("persona");

type CallOptions = Partial<Pick<Parameters<Tunnel["call"]>[1], "signal" | "onAsk">> & {
  deviceId?: string;
  onProgress?: (params: unknown) => void;
  params?: object;
  session?: string;
  slotId?: string;
  forwardedHeaders?: Record<string, string>;
};

export type TestTunnel = AsyncDisposable & {
  owner: Owner;
  relay: PreparedRelay;
  /** A device that said hello; closed with the rest. */
  connect: (options?: Partial<ConnectOptions>, device?: DeviceKeys) => Promise<DeviceSocket>;
  call: (options?: CallOptions) => Promise<Outcome>;
};

/** A relay with deadlines of 0.9 s and 1 s, and one paired device. */
export async function startTestTunnel(): Promise<TestTunnel> {
  const owner = await createOwner();
  const relay = await startPreparedRelay(owner.store, {
    env: { DEVICE_DEADLINE_MS: "900", RELAY_DEADLINE_MS: "1000" },
  });
  const sockets: DeviceSocket[] = [];
  return {
    owner,
    relay,
    connect: async (options = {}, device = owner.device) => {
      const socket = await connectDevice(device, { url: relay.url, publicUrl: relay.config.publicUrl, ...options });
      sockets.push(socket);
      return socket;
    },
    call: (options = {}) =>
      relay.tunnel.call(
        {
          personaId: PERSONA_ID,
          version: 1,
          slotId: options.slotId ?? SLOT_ID,
          method: "tools/call",
          params: { name: "say", ...options.params },
          principal: { kind: "key", id: "key_1", client: "test", scopes: ["read"], tools: null },
          capabilities: {},
          logLevel: null,
          forwardedHeaders: options.forwardedHeaders ?? {},
          session: options.session ?? null,
          traceparent: null,
        },
        {
          target: { userId: owner.userId, deviceId: options.deviceId ?? null },
          signal: options.signal ?? new AbortController().signal,
          onProgress: ({ params }) => options.onProgress?.(params),
          ...(options.onAsk !== undefined && { onAsk: options.onAsk }),
        },
      ),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.disconnect();
      await relay[Symbol.asyncDispose]();
      await owner.store.close();
    },
  };
}

/** Accepts a call that needs no go and answers it. */
export function answering(received: Call, socket: DeviceSocket) {
  deliver(socket, received, textOutcome("done"));
  return { accepted: true, needsGo: false } as const;
}

/** Accepts calls and says no more. */
export const accepting = (needsGo: boolean) => () => ({ accepted: true, needsGo }) as const;

export const nextEvent = (socket: DeviceSocket, event: "call" | "go" | "cancel" | "disconnect"): Promise<unknown> =>
  new Promise((resolve) => {
    socket.once(event, resolve);
  });

export const nextCall = (socket: DeviceSocket): Promise<Call> =>
  new Promise((resolve) => {
    socket.once("call", resolve);
  });
