import type { RelayRow, StateRow } from "../db/rows.ts";
import { useLive, type Live } from "../ui/use-live.ts";
import { appsToSignIn, popupPersonas, type PopupApp, type PopupPersona } from "./popup-view.ts";

export type PopupData = {
  relay: RelayRow | null;
  state: StateRow;
  personas: PopupPersona[];
  apps: PopupApp[];
  /** Sign-ins elsewhere that wait for the person. */
  signIns: number;
};

export function usePopup(): Live<PopupData> {
  return useLive(async (database) => {
    const [relay, row, personas, bindings, connections, apps, signIns] = await Promise.all([
      database.relay.get("relay"),
      database.state.get("tunnel"),
      database.personas.toArray(),
      database.bindings.toArray(),
      database.connections.toArray(),
      database.apps.toArray(),
      database.signIns.count(),
    ]);
    const state: StateRow = row ?? { id: "tunnel", tunnel: relay ? "offline" : "unpaired", since: 0, retryAt: null };
    const rows = { tunnel: state.tunnel, personas, bindings, connections, apps };
    return { relay: relay ?? null, state, personas: popupPersonas(rows), apps: appsToSignIn(rows), signIns };
  });
}
