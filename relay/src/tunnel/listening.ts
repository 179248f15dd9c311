import type { Listening } from "@agent-personas/shared/tunnel/messages";
import type { Connection } from "./connection.ts";
import type { Presence } from "./presence.ts";

/** Which browser listens to which apps: each app through the one that would execute its calls. */
export type TunnelListening = {
  want: (userId: string, slots: readonly Listening[]) => void;
  /** Browsers came, went or changed what they serve. */
  share: (userId: string) => void;
};

const MAX_SLOTS = 1_000;

export function createListening({ presence, ackMs }: { presence: Presence; ackMs: number }): TunnelListening {
  const wishes = new Map<string, readonly Listening[]>();

  const tell = (connection: Connection, slots: readonly Listening[]): void => {
    const text = JSON.stringify(slots);
    if (text === connection.listening) return;
    connection.listening = text;
    connection.socket
      .timeout(ackMs)
      .emitWithAck("listen", { slots: [...slots] })
      // It is told again when the wish changes or it comes back.
      .catch(() => undefined);
  };

  const share = (userId: string): void => {
    const wanted = wishes.get(userId) ?? [];
    for (const connection of presence.ofUser(userId)) {
      if (!connection.ready) continue;
      const own = wanted.filter(
        ({ personaId, slotId }) => presence.pick({ userId, deviceId: null, personaId, slotId }) === connection,
      );
      tell(connection, own);
    }
  };

  return {
    want: (userId, slots) => {
      if (slots.length === 0) wishes.delete(userId);
      else wishes.set(userId, slots.slice(0, MAX_SLOTS));
      share(userId);
    },
    share,
  };
}
