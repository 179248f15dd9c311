import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";

/** A person has this many personas at most before the search for one grant is given up. */
const LOOKED_THROUGH = 200;

export type EndedGrant = { personaId: string; persona: string; client: string };

/** Announces a grant that was ended because a token was used twice; one that a person revoked needs no word. */
export function createEndedGrants(deps: {
  db: Database;
  api: Pick<RelayApi, "grants">;
  announce: (ended: EndedGrant) => void;
}): (grantId: string) => Promise<void> {
  return async (grantId) => {
    const personas = await deps.db.personas.limit(LOOKED_THROUGH).toArray();
    for (const { personaId, accepted } of personas) {
      const { grants } = await deps.api.grants(personaId);
      const found = grants.find((grant) => grant.grantId === grantId);
      if (found === undefined) continue;
      if (found.endedForReuseAt !== null) {
        deps.announce({ personaId, persona: accepted.name, client: found.client.name });
      }
      return;
    }
  };
}
