import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";

/** Access keys live at the relay; the secret of a new one passes through here once and is not kept. */
export function createAccessKeysService({ api }: { api: RelayApi }): Handlers<CommandsOf<"keys">> {
  return {
    "keys.list": ({ personaId }) => api.keys(personaId),
    "keys.create": ({ personaId, key }) => api.createKey(personaId, key),
    "keys.edit": async ({ keyId, changes }) => ({ key: await api.editKey(keyId, changes) }),
    "keys.revoke": async ({ keyId }) => {
      await api.revokeKey(keyId);
      return null;
    },
  };
}
