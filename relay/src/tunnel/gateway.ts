import { FRAME_BYTES } from "@agent-personas/shared/tunnel/messages";
import {
  PING_INTERVAL_MS,
  TUNNEL_NAMESPACE,
  TUNNEL_PATH,
  type TunnelRefusal,
} from "@agent-personas/shared/tunnel/handshake";
import type { DeviceToRelay, RelayToDevice } from "@agent-personas/shared/tunnel/messages";
import { Server, type DefaultEventsMap } from "socket.io";
import type { SocketData, TunnelSocket } from "./connection.ts";

/** A refused connect: `data` is what the device reads. */
class RefusedError extends Error {
  readonly data: TunnelRefusal;
  constructor(data: TunnelRefusal) {
    super(data.code);
    this.name = "RefusedError";
    this.data = data;
  }
}

/** The Socket.IO server with nothing but the tunnel on it. */
export function createGateway(deps: {
  authenticate: (auth: unknown) => Promise<SocketData | TunnelRefusal>;
  onSocket: (socket: TunnelSocket) => void;
}) {
  const io = new Server<DeviceToRelay, RelayToDevice, DefaultEventsMap, SocketData>({
    path: TUNNEL_PATH,
    transports: ["websocket"],
    serveClient: false,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_INTERVAL_MS,
    connectTimeout: 10_000,
    // A frame and its envelope.
    maxHttpBufferSize: FRAME_BYTES + 4_096,
  });
  // The default namespace asks for no credential, so it takes nobody.
  io.use((_socket, next) => next(new Error("not_found")));
  const tunnel = io.of(TUNNEL_NAMESPACE);
  tunnel.use((socket, next) => {
    void deps.authenticate(socket.handshake.auth).then((answer) => {
      if ("code" in answer) return next(new RefusedError(answer));
      socket.data = answer;
      return next();
    });
  });
  tunnel.on("connection", deps.onSocket);
  return io;
}
