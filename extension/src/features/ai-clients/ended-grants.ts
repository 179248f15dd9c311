import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";

const PERSONAS_LOOKED_THROUGH = 200;
/** Told of at once, as when a persona with all its clients was deleted. */
const WAITING = 1_000;

export type EndedGrant = { personaId: string; persona: string; client: string };

type Deps = {
  db: Database;
  api: Pick<RelayApi, "grants">;
  announce: (ended: EndedGrant) => void;
};

/**
 * Announces a grant that was ended because a token was used twice; one that a person revoked needs no word. What
 * comes while the relay is asked is looked for together afterwards.
 */
export function createEndedGrants(deps: Deps): (grantId: string) => Promise<void> {
  const waiting = new Set<string>();
  let running: Promise<void> | null = null;
  const work = async (): Promise<void> => {
    while (waiting.size > 0) {
      const wanted = new Set(waiting);
      waiting.clear();
      await search(deps, wanted);
    }
  };
  return (grantId) => {
    if (waiting.size < WAITING) waiting.add(grantId);
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

async function search({ db, api, announce }: Deps, wanted: Set<string>): Promise<void> {
  const personas = await db.personas.limit(PERSONAS_LOOKED_THROUGH).toArray();
  for (const { personaId, accepted } of personas) {
    const { grants } = await api.grants(personaId);
    for (const { grantId, client, endedForReuseAt } of grants) {
      if (!wanted.delete(grantId) || endedForReuseAt === null) continue;
      announce({ personaId, persona: accepted.name, client: client.name });
    }
    if (wanted.size === 0) return;
  }
}
