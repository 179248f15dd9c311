import { TUNNEL_NAMESPACE, TUNNEL_PATH, type TunnelAuth } from "@agent-personas/shared/tunnel/handshake";
import type { DeviceToRelay, RelayToDevice } from "@agent-personas/shared/tunnel/messages";
import { io, type Socket } from "socket.io-client";

export type TunnelSocket = Socket<RelayToDevice, DeviceToRelay>;

/**
 * A socket that has not connected yet and never reconnects by itself. `auth` is a function, because a token is
 * used once. A worker has no XMLHttpRequest, so there is no transport but websocket.
 */
export function openSocket(relayUrl: string, auth: () => Promise<TunnelAuth>, onUnsigned: () => void): TunnelSocket {
  return io(`${relayUrl}${TUNNEL_NAMESPACE}`, {
    path: TUNNEL_PATH,
    transports: ["websocket"],
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    auth: (send) => {
      void auth().then(send, onUnsigned);
    },
  });
}
