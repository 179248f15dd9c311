import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";

/** What AI clients were allowed by sign-in lives at the relay. */
export function createGrantsService({ api }: { api: RelayApi }): Handlers<CommandsOf<"grants">> {
  return {
    "grants.list": ({ personaId }) => api.grants(personaId),
    "grants.revoke": async ({ grantId }) => {
      await api.revokeGrant(grantId);
      return null;
    },
  };
}
