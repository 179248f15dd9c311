import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Listen, Listening, Notice } from "@agent-personas/shared/tunnel/messages";
import type { AppListening, AppNotice } from "../apps/app-listening.ts";
import type { Downstream } from "../apps/downstream.ts";
import type { Database } from "../db/database.ts";
import { mayHear } from "./may-hear.ts";

export type ListeningDeps = {
  db: Database;
  downstream: Pick<Downstream, "currentItem">;
  apps: AppListening;
  onNotice: (notice: Notice) => void;
};

export type CallerListening = {
  /** What callers of the relay want to hear; checked here like every call. */
  listen: (listen: Listen) => Promise<void>;
  onAppNotice: (notice: AppNotice) => void;
};

/** Notices that are checked at once; an app that says more is heard again once these are through. */
const MAX_CHECKS = 100;

type Granted = Listening & { connectionId: string };

/** Which personas hear what of which connection. The relay says what it wants; the accepted versions say what it gets. */
export function createCallerListening(deps: ListeningDeps): CallerListening {
  let granted: readonly Granted[] = [];
  let newest = 0;
  const checking = new Set<string>();

  const grant = async (wish: Listening): Promise<Granted | null> => {
    const row = await deps.db.personas.get(wish.personaId);
    const accepted: PersonaVersion | null = row === undefined || row.signed === "" ? null : row.accepted;
    const slot = accepted?.slots.find(({ slotId }) => slotId === wish.slotId);
    const binding = await deps.db.bindings.get([wish.personaId, wish.slotId]);
    const connection = binding === undefined ? undefined : await deps.db.connections.get(binding.connectionId);
    const app = connection === undefined ? undefined : await deps.db.apps.get(connection.appId);
    if (accepted === null || slot === undefined || binding === undefined || app?.url !== slot.appUrl) return null;
    if (accepted.status !== "active") return null;
    // Passthrough callers have no part in what comes over the person's own sign-in.
    if (!accepted.inbound.accessKeys && !accepted.inbound.interactive) return null;
    const resources: string[] = [];
    for (const uri of wish.resources) {
      if (await mayHear(deps, { accepted, slot, connectionId: binding.connectionId }, uri)) resources.push(uri);
    }
    return { ...wish, resources, connectionId: binding.connectionId };
  };

  /** Checked anew: the person may have narrowed the persona since, and the relay need not say so. */
  const tell = async (wish: Granted, notice: AppNotice): Promise<void> => {
    const now = await grant(wish);
    if (now === null || now.connectionId !== notice.connectionId || !hears(now, notice)) return;
    const { method, params } = notice;
    deps.onNotice({ personaId: wish.personaId, slotId: wish.slotId, method, params });
  };

  return {
    listen: async ({ slots }) => {
      newest += 1;
      const mine = newest;
      const wishes = await Promise.all(slots.map(grant));
      if (mine !== newest) return;
      granted = wishes.filter((wish) => wish !== null);
      const wanted = new Map<string, Set<string>>();
      for (const { connectionId, resources } of granted) {
        wanted.set(connectionId, new Set([...(wanted.get(connectionId) ?? []), ...resources]));
      }
      deps.apps.listen(new Map([...wanted].map(([connectionId, uris]) => [connectionId, [...uris].toSorted()])));
    },
    onAppNotice: (notice) => {
      for (const wish of granted) {
        if (wish.connectionId !== notice.connectionId || !hears(wish, notice)) continue;
        const key = JSON.stringify([wish.personaId, wish.slotId, notice.method, notice.params["uri"]]);
        // The same news twice in a row is one.
        if (checking.has(key) || checking.size >= MAX_CHECKS) continue;
        checking.add(key);
        void tell(wish, notice)
          .catch(() => undefined)
          .finally(() => checking.delete(key));
      }
    },
  };
}

function hears({ lists, resources }: Listening, { method, params }: AppNotice): boolean {
  return method === "notifications/resources/updated" ? resources.some((uri) => uri === params["uri"]) : lists;
}
