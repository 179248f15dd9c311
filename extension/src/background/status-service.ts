import type { Database } from "../db/database.ts";
import type { CommandsOf, Handlers } from "../messages/handlers.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";

/** What the popup asks first, which is also what wakes a tunnel that had nothing to do. */
export function createStatusService(deps: {
  db: Database;
  tunnel: Pick<Tunnel, "hurry" | "restart">;
}): Handlers<CommandsOf<"status"> | CommandsOf<"tunnel">> {
  return {
    "status.get": async () => {
      deps.tunnel.hurry();
      const [relay, state] = await Promise.all([deps.db.relay.get("relay"), deps.db.state.get("tunnel")]);
      return {
        tunnel: relay === undefined ? "unpaired" : (state?.tunnel ?? "offline"),
        relayUrl: relay?.relayUrl ?? null,
      };
    },
    "tunnel.connect": () => {
      deps.tunnel.restart();
      return Promise.resolve(null);
    },
  };
}
