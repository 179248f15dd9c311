import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";

/** Rates and budgets live at the relay, which counts. */
export function createLimitsService({ api }: { api: RelayApi }): Handlers<CommandsOf<"limits">> {
  return {
    "limits.get": () => api.limits(),
    "limits.set": async ({ personaId, limits }) => {
      await api.setLimits(personaId, limits);
      return null;
    },
  };
}
