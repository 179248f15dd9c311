import type { Changed, DeviceToRelay, RelayToDevice } from "@agent-personas/shared/tunnel/messages";
import type { DefaultEventsMap, Socket } from "socket.io";
import type { Boot } from "./open-call.ts";

/** How long a device may take to say that it heard. Milliseconds. */
export const ACK_MS = 1_000;

/** What the handshake proved about a socket. */
export type SocketData = { deviceId: string; userId: string; boot: Boot; preferred: boolean };

export type TunnelSocket = Socket<DeviceToRelay, RelayToDevice, DefaultEventsMap, SocketData>;

/** A device's live socket. */
export type Connection = {
  deviceId: string;
  userId: string;
  boot: Boot;
  socket: TunnelSocket;
  /** True once its `hello` said what it knows of open calls; nothing is sent to it before. */
  ready: boolean;
  /** When it last sent something; ms. */
  activeAt: number;
  /** The person wants calls executed here where they can be. */
  preferred: boolean;
  /** What it was last told to listen to, as JSON; null when that is not known, as of a worker that is back. */
  listening: string | null;
  /** What it last said it can serve; null when it said nothing yet. */
  serves: Changed["personas"] | null;
};
