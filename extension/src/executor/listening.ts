import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createMessageRate } from "@agent-personas/shared/tunnel/message-rate";
import type { Listen, Listening, Notice } from "@agent-personas/shared/tunnel/messages";
import { createNewsGate, type NewsGate } from "@agent-personas/shared/tunnel/news-gate";
import { noticeParams } from "@agent-personas/shared/tunnel/notice-params";
import type { AppListening, AppNotice } from "../apps/app-listening.ts";
import type { Downstream } from "../apps/downstream.ts";
import type { Database } from "../db/database.ts";
import { mayHear } from "./may-hear.ts";

export type ListeningDeps = {
  db: Database;
  downstream: Pick<Downstream, "currentItem">;
  apps: AppListening;
  /** Grows evenly; ms. */
  elapsed: () => number;
  onNotice: (notice: Notice) => void;
};

export type CallerListening = {
  /** What callers of the relay want to hear; checked here like every call. */
  listen: (listen: Listen) => Promise<void>;
  onAppNotice: (notice: AppNotice) => void;
};

/** Notices that are checked at once; what an app says more than that waits until these are through. */
const MAX_CHECKS = 100;
/** Of one connection, all of whose resources may change at once. */
const PER_CONNECTION = { perSecond: 20, burst: 250 };
/** Of all together, with progress and logs well below what the relay takes from a device. */
const OVERALL = { perSecond: 100, burst: 500 };
/** Different news of one connection that wait. */
const MAX_WAITING = 1_000;

type Granted = Listening & { connectionId: string };
type News = { key: string; wish: Granted; notice: AppNotice };

/** Which personas hear what of which connection. The relay says what it wants; the accepted versions say what it gets. */
export function createCallerListening(deps: ListeningDeps): CallerListening {
  let granted: readonly Granted[] = [];
  let newest = 0;
  /** What is told when its check is through: the newest. */
  const checking = new Map<string, News>();
  const gates = new Map<string, NewsGate<News>>();
  const overall = createMessageRate(OVERALL, deps.elapsed);

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
  const tell = async ({ key, wish }: News): Promise<void> => {
    const now = await grant(wish);
    const notice = checking.get(key)?.notice;
    if (now === null || notice === undefined || now.connectionId !== notice.connectionId || !hears(now, notice)) return;
    const { personaId, slotId } = wish;
    deps.onNotice({ personaId, slotId, method: notice.method, params: notice.params });
  };

  const check = (news: News): void => {
    const isChecked = checking.has(news.key);
    checking.set(news.key, news);
    if (isChecked) return;
    void tell(news)
      .catch(() => undefined)
      .finally(() => checking.delete(news.key));
  };

  /** A relay drops what a device says too fast, and then one app would have silenced the others. */
  const gateOf = (connectionId: string): NewsGate<News> => {
    const known = gates.get(connectionId);
    if (known !== undefined) return known;
    const own = createMessageRate(PER_CONNECTION, deps.elapsed);
    const mayPass = (): boolean => {
      if (checking.size >= MAX_CHECKS || !own.take()) return false;
      if (overall.take()) return true;
      // That others say much must not use up what this one may say.
      own.giveBack();
      return false;
    };
    const made = createNewsGate({ most: MAX_WAITING, mayPass, pass: check });
    gates.set(connectionId, made);
    return made;
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
      for (const [connectionId, gate] of gates) {
        if (wanted.has(connectionId)) continue;
        gate.close();
        gates.delete(connectionId);
      }
      deps.apps.listen(new Map([...wanted].map(([connectionId, uris]) => [connectionId, [...uris].toSorted()])));
    },
    onAppNotice: ({ connectionId, method, params: said }) => {
      // Only what is passed on waits: an app may say long things.
      const params = noticeParams({ method, params: said });
      if (params === null) return;
      const notice = { connectionId, method, params };
      for (const wish of granted) {
        if (wish.connectionId !== connectionId || !hears(wish, notice)) continue;
        const key = JSON.stringify([wish.personaId, wish.slotId, method, params["uri"]]);
        const resources = wish.resources.filter((uri) => uri === params["uri"]);
        const news = { key, wish: { ...wish, resources }, notice };
        // What is said while the same is being checked is told by it, and takes no place in line.
        if (checking.has(key)) checking.set(key, news);
        else gateOf(connectionId).offer(key, news);
      }
    },
  };
}

function hears({ lists, resources }: Listening, { method, params }: AppNotice): boolean {
  return method === "notifications/resources/updated" ? resources.some((uri) => uri === params["uri"]) : lists;
}
