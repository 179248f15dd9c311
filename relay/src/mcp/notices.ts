import { BUILT_IN_URIS, STATUS_URI } from "@agent-personas/shared/persona/built-in-uris";
import { exposedUriOf } from "@agent-personas/shared/persona/exposed-uri";
import { createMessageRate } from "@agent-personas/shared/tunnel/message-rate";
import { LISTENED_RESOURCES, type Notice } from "@agent-personas/shared/tunnel/messages";
import { createNewsGate } from "@agent-personas/shared/tunnel/news-gate";
import { noticeParams } from "@agent-personas/shared/tunnel/notice-params";
import type { AppNews, Caller, PublishedPersona, RelayDeps } from "../deps.ts";
import { lookUpResource } from "./find-resource.ts";
import { gatherWishes } from "./gather-wishes.ts";

/** Somebody with an open stream. */
export type Listener = {
  caller: Caller;
  /** Whether it wants to hear of lists that the apps themselves change. */
  lists: () => boolean;
  /** Addresses of resources, as callers know them. */
  uris: () => ReadonlySet<string>;
  deliver: (method: Notice["method"], params: Record<string, unknown>) => void;
};

/** What callers hear outside of their requests: of the persona's own changes, and of what its apps say. */
export type Notices = {
  /** `changed` is to be called when it wants to hear something else. */
  add: (listener: Listener) => { changed: () => void; remove: () => void };
  fromApp: (news: AppNews) => void;
  /** A new version of a persona was saved: whose lists differ is told so. */
  personaSaved: (before: PublishedPersona, after: PublishedPersona) => void;
  /** A browser of this person came, went, or can serve something else. */
  statusChanged: (userId: string) => void;
};

/** Wishes that come together are passed on together. Milliseconds. */
const GATHER_MS = 20;
/** Of one listener, each of whose resources may change at once. Beyond it the newest of each is told later. */
const RATE = { perSecond: 10, burst: LISTENED_RESOURCES + 50 };
const MAX_WAITING = LISTENED_RESOURCES + 50;

/** A listener that is told no faster than it and its stream can bear. */
type Ear = { listener: Listener; tell: Listener["deliver"]; close: () => void };

export function createNotices({ tunnel }: { tunnel: Pick<RelayDeps["tunnel"], "listen"> }): Notices {
  const byPersona = new Map<string, Set<Ear>>();
  const byUser = new Map<string, Set<Ear>>();
  const gathering = new Map<string, NodeJS.Timeout>();

  const tellApps = (userId: string): void => {
    if (gathering.has(userId)) return;
    const timer = setTimeout(() => {
      gathering.delete(userId);
      tunnel.listen(userId, gatherWishes([...(byUser.get(userId) ?? [])].map(({ listener }) => listener)));
    }, GATHER_MS).unref();
    gathering.set(userId, timer);
  };

  const tellOwn = ({ listener, tell }: Ear, changed: Iterable<string>): void => {
    for (const uri of changed) if (listener.uris().has(uri)) tell("notifications/resources/updated", { uri });
  };

  return {
    add: (listener) => {
      const { personaId } = listener.caller.persona;
      const { executingUserId } = listener.caller.principal;
      const ear = createEar(listener);
      const ears = byPersona.get(personaId) ?? new Set();
      byPersona.set(personaId, ears.add(ear));
      const ofUser = byUser.get(executingUserId) ?? new Set();
      byUser.set(executingUserId, ofUser.add(ear));
      const changed = (): void => tellApps(executingUserId);
      const wants = (): boolean => listener.lists() || listener.uris().size > 0;
      if (wants()) changed();
      return {
        changed,
        remove: () => {
          if (!ears.delete(ear)) return;
          ear.close();
          if (ears.size === 0) byPersona.delete(personaId);
          ofUser.delete(ear);
          if (ofUser.size === 0) byUser.delete(executingUserId);
          if (wants()) changed();
        },
      };
    },
    fromApp: ({ userId, deviceIds, notice }) => {
      const { personaId, slotId, method } = notice;
      const params = noticeParams(notice);
      if (params === null) return;
      for (const { listener, tell } of byPersona.get(personaId) ?? []) {
        const { principal, persona } = listener.caller;
        if (principal.executingUserId !== userId || principal.kind === "external") continue;
        if (!deviceIds.has(principal.deviceId)) continue;
        if (method !== "notifications/resources/updated") {
          if (listener.lists()) tell(method, params);
          continue;
        }
        const uri = exposedUriOf(persona.version, slotId, String(params["uri"]));
        // An app speaks of its own resources only, whatever address it names.
        const heard = listener.uris().has(uri) && lookUpResource(uri, listener.caller)?.slotId === slotId;
        if (heard) tell(method, { ...params, uri });
      }
    },
    personaSaved: (before, after) => {
      const ears = [...(byPersona.get(after.personaId) ?? [])];
      for (const { listener } of ears) listener.caller = { ...listener.caller, persona: after };
      for (const [method, listOf] of LISTS) {
        if (JSON.stringify(listOf(before)) === JSON.stringify(listOf(after))) continue;
        for (const { tell } of ears) tell(method, {});
      }
      for (const ear of ears) tellOwn(ear, BUILT_IN_URIS);
      for (const userId of new Set(ears.map(({ listener }) => listener.caller.principal.executingUserId))) {
        tellApps(userId);
      }
    },
    statusChanged: (userId) => {
      for (const ear of byUser.get(userId) ?? []) tellOwn(ear, [STATUS_URI]);
    },
  };
}

function createEar(listener: Listener): Ear {
  const rate = createMessageRate(RATE, () => performance.now());
  const gate = createNewsGate<Parameters<Listener["deliver"]>>({
    most: MAX_WAITING,
    mayPass: rate.take,
    pass: (news) => listener.deliver(...news),
  });
  return {
    listener,
    tell: (method, params) => gate.offer(JSON.stringify([method, params["uri"]]), [method, params]),
    close: gate.close,
  };
}

const LISTS: readonly [Notice["method"], (persona: PublishedPersona) => unknown][] = [
  ["notifications/tools/list_changed", ({ tools, version }) => [tools, version.search, version.lossless]],
  ["notifications/resources/list_changed", ({ version }) => [version.resources, version.templates]],
  ["notifications/prompts/list_changed", ({ version }) => [version.prompts, version.recipes]],
];
