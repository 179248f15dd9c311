import type { Listening } from "@agent-personas/shared/tunnel/messages";
import type { AppNews, ListeningWish } from "../deps.ts";
import type { Connection } from "./connection.ts";
import { fitListen } from "./fit-listen.ts";
import type { Presence } from "./presence.ts";

/** Which browser listens to which apps: each app through the one that would execute its calls. */
export type TunnelListening = {
  want: (userId: string, wishes: readonly ListeningWish[]) => void;
  /** Browsers came, went or changed what they serve. */
  share: (userId: string) => void;
  /** For whose wishes this browser listens to an app; empty when nobody asked it to. */
  askedFor: (connection: Connection, app: Pick<Listening, "personaId" | "slotId">) => AppNews["deviceIds"];
};

/** How often a browser is told that does not say that it heard. */
const ATTEMPTS = 3;

export function createListening({ presence, ackMs }: { presence: Presence; ackMs: number }): TunnelListening {
  const wishes = new Map<string, readonly ListeningWish[]>();
  /** News count for those on whose behalf they were asked for: two browsers may be signed in to an app as two people. */
  const shared = new WeakMap<Connection, readonly ListeningWish[]>();

  const tell = async (connection: Connection, slots: Listening[]): Promise<void> => {
    const text = JSON.stringify(slots);
    if (text === connection.listening) return;
    connection.listening = text;
    const isNews = (): boolean => connection.socket.connected && connection.listening === text;
    for (let attempt = 0; attempt < ATTEMPTS && isNews(); attempt += 1) {
      const heard = connection.socket
        .timeout(ackMs)
        .emitWithAck("listen", { slots })
        .then(
          () => true,
          () => false,
        );
      if (await heard) return;
    }
    // Not known: it is told again whenever there is anything to share.
    if (isNews()) connection.listening = null;
  };

  const share = (userId: string): void => {
    const wanted = wishes.get(userId) ?? [];
    for (const connection of presence.ofUser(userId)) {
      if (!connection.ready) continue;
      const own = wanted.filter(
        ({ deviceId, personaId, slotId }) => presence.pick({ userId, deviceId, personaId, slotId }) === connection,
      );
      shared.set(connection, own);
      void tell(connection, fitListen(own));
    }
  };

  return {
    want: (userId, wanted) => {
      if (wanted.length === 0) wishes.delete(userId);
      else wishes.set(userId, wanted);
      share(userId);
    },
    share,
    askedFor: (connection, { personaId, slotId }) => {
      const own = shared.get(connection) ?? [];
      const meant = own.filter((wish) => wish.personaId === personaId && wish.slotId === slotId);
      return new Set(meant.map(({ deviceId }) => deviceId));
    },
  };
}
