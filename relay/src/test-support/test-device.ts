import { signDeviceToken } from "@agent-personas/shared/oauth/device-token";
import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import { TUNNEL_NAMESPACE, TUNNEL_PROTOCOL, type Hello } from "@agent-personas/shared/tunnel/handshake";
import type { Accepted, Call, DeviceToRelay, Outcome, RelayToDevice } from "@agent-personas/shared/tunnel/messages";
import type { CryptoKey } from "jose";
import { io, type Socket } from "socket.io-client";

export type DeviceKeys = { deviceId: string; publicKey: PublicKey; privateKey: CryptoKey };
export type DeviceSocket = Socket<RelayToDevice, DeviceToRelay>;

export async function createDeviceKeys(): Promise<DeviceKeys> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return {
    deviceId: createId("device"),
    publicKey: publicKeySchema.parse({ kty, crv, x, y }),
    privateKey: pair.privateKey,
  };
}

export type ConnectOptions = {
  url: string;
  publicUrl: string;
  bootId?: string;
  ledgerId?: string;
  hello?: Hello["calls"];
  now?: () => number;
  auth?: Record<string, unknown>;
  /** Called for each call; the answer acknowledges it, undefined leaves it without an answer. */
  onCall?: (call: Call, socket: DeviceSocket) => Accepted | undefined;
};

/** A real socket with the device's token, not connected yet. */
export function openSocket(device: DeviceKeys, options: ConnectOptions): DeviceSocket {
  const socket: DeviceSocket = io(`${options.url}${TUNNEL_NAMESPACE}`, {
    transports: ["websocket"],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    auth: (use) => {
      void signDeviceToken(device, {
        purpose: "tunnel",
        audience: options.publicUrl,
        now: options.now?.() ?? Date.now(),
      }).then((token) =>
        use({
          token,
          deviceId: device.deviceId,
          bootId: options.bootId ?? "boot-one",
          ledgerId: options.ledgerId ?? "ledger-one",
          protocol: TUNNEL_PROTOCOL,
          ...options.auth,
        }),
      );
    },
  });
  socket.on("call", (call, ack) => {
    const accepted = options.onCall?.(call, socket);
    if (accepted !== undefined) ack(accepted);
  });
  socket.on("sync", (_sync, ack) => ack({ stored: true }));
  return socket;
}

/** Connects and says hello; rejects with the refusal. */
export async function connectDevice(device: DeviceKeys, options: ConnectOptions): Promise<DeviceSocket> {
  const socket = openSocket(device, options);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
    socket.connect();
  });
  await socket.timeout(2_000).emitWithAck("hello", { calls: options.hello ?? [] });
  return socket;
}

type Attempt = Pick<Call, "callId" | "attempt">;

export const sendResult = (socket: DeviceSocket, call: Attempt, outcome: Outcome, timeout = 2_000) =>
  socket.timeout(timeout).emitWithAck("result", {
    callId: call.callId,
    attempt: call.attempt,
    outcome,
    timings: { device: 1, app: 1 },
  });

/** As `sendResult`, for a device that may be cut off before the answer. */
export function deliver(socket: DeviceSocket, call: Attempt, outcome: Outcome): void {
  sendResult(socket, call, outcome).catch(() => undefined);
}

export const textOutcome = (text: string): Outcome => ({
  kind: "result",
  result: { content: [{ type: "text", text }] },
});
