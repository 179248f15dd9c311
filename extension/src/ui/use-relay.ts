import type { RelayRow, StateRow } from "../db/rows.ts";
import { useLive, type Live } from "./use-live.ts";

export type RelayView = { relay: RelayRow | null; host: string | null; state: StateRow };

/** The paired relay and the state of the tunnel to it, live. */
export function useRelay(): Live<RelayView> {
  return useLive(async (database) => {
    const [relay, state] = await Promise.all([database.relay.get("relay"), database.state.get("tunnel")]);
    return {
      relay: relay ?? null,
      host: relay ? new URL(relay.relayUrl).host : null,
      state: state ?? { id: "tunnel", tunnel: relay ? "offline" : "unpaired", since: 0, retryAt: null },
    };
  });
}
