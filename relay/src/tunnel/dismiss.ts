import type { Revoked } from "@agent-personas/shared/tunnel/messages";
import { ACK_MS, type Connection } from "./connection.ts";

/** Tells a device why, and closes its socket. */
export async function dismiss({ socket }: Connection, message: Revoked): Promise<void> {
  await socket
    .timeout(ACK_MS)
    .emitWithAck("revoked", message)
    .catch(() => undefined);
  socket.disconnect(true);
}
