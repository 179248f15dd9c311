import { BUILT_IN_URIS, STATUS_URI } from "@agent-personas/shared/persona/built-in-uris";
import type { Listening, Notice } from "@agent-personas/shared/tunnel/messages";
import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Caller, PublishedPersona, RelayDeps } from "../deps.ts";
import { exposedUriOf } from "@agent-personas/shared/persona/exposed-uri";
import { findResource } from "./find-resource.ts";

/** Somebody with an open stream. */
export type Listener = {
  caller: Caller;
  /** Wants to hear of lists that the apps themselves change. */
  lists: boolean;
  /** Addresses of resources, as callers know them. */
  uris: () => ReadonlySet<string>;
  deliver: (method: Notice["method"], params: Record<string, unknown>) => void;
};

/** What callers hear outside of their requests: of the persona's own changes, and of what its apps say. */
export type Notices = {
  add: (listener: Listener) => { changed: () => void; remove: () => void };
  /** An app of this person said something. */
  fromApp: (userId: string, notice: Notice) => void;
  /** A new version of a persona was saved: whose lists differ is told so. */
  personaSaved: (before: PublishedPersona, after: PublishedPersona) => void;
  /** A browser of this person came, went, or can serve something else. */
  statusChanged: (userId: string) => void;
};

/** Wishes that come together are passed on together. Milliseconds. */
const GATHER_MS = 20;
const MAX_RESOURCES = 200;

export function createNotices({ tunnel }: { tunnel: Pick<RelayDeps["tunnel"], "listen"> }): Notices {
  const byPersona = new Map<string, Set<Listener>>();
  const byUser = new Map<string, Set<Listener>>();
  const gathering = new Map<string, NodeJS.Timeout>();

  const tellApps = (userId: string): void => {
    if (gathering.has(userId)) return;
    const timer = setTimeout(() => {
      gathering.delete(userId);
      tunnel.listen(userId, wishesOf(userId));
    }, GATHER_MS).unref();
    gathering.set(userId, timer);
  };

  const wishesOf = (userId: string): Listening[] => {
    const wishes = new Map<string, Listening>();
    const wish = (personaId: string, slotId: string): Listening => {
      const key = `${personaId} ${slotId}`;
      const known = wishes.get(key) ?? { personaId, slotId, lists: false, resources: [] };
      wishes.set(key, known);
      return known;
    };
    for (const { caller, lists, uris } of byUser.get(userId) ?? []) {
      // What is stored for an app is not for those who bring credentials of their own.
      if (caller.principal.kind === "external") continue;
      const { personaId, version } = caller.persona;
      if (lists) for (const { slotId } of version.slots) wish(personaId, slotId).lists = true;
      for (const uri of uris()) {
        const found = find(uri, caller);
        if (found === null) continue;
        const { resources } = wish(personaId, found.slotId);
        if (resources.length < MAX_RESOURCES && !resources.includes(found.uri)) resources.push(found.uri);
      }
    }
    return [...wishes.values()];
  };

  const tellOwn = ({ uris, deliver }: Listener, changed: Iterable<string>): void => {
    for (const uri of changed) if (uris().has(uri)) deliver("notifications/resources/updated", { uri });
  };

  return {
    add: (listener) => {
      const { personaId } = listener.caller.persona;
      const { executingUserId } = listener.caller.principal;
      const listeners = byPersona.get(personaId) ?? new Set();
      byPersona.set(personaId, listeners.add(listener));
      const ofUser = byUser.get(executingUserId) ?? new Set();
      byUser.set(executingUserId, ofUser.add(listener));
      const changed = (): void => tellApps(executingUserId);
      if (listener.lists || listener.uris().size > 0) changed();
      return {
        changed,
        remove: () => {
          if (!listeners.delete(listener)) return;
          if (listeners.size === 0) byPersona.delete(personaId);
          ofUser.delete(listener);
          if (ofUser.size === 0) byUser.delete(executingUserId);
          if (listener.lists || listener.uris().size > 0) changed();
        },
      };
    },
    fromApp: (userId, { personaId, slotId, method, params }) => {
      for (const { caller, uris, deliver } of byPersona.get(personaId) ?? []) {
        const { principal, persona } = caller;
        if (principal.executingUserId !== userId || principal.kind === "external") continue;
        if (method !== "notifications/resources/updated") {
          deliver(method, {});
          continue;
        }
        const uri = typeof params["uri"] === "string" ? exposedUriOf(persona.version, slotId, params["uri"]) : null;
        // An app speaks of its own resources only, whatever address it names.
        const heard = uri !== null && uris().has(uri) && find(uri, caller)?.slotId === slotId;
        if (heard) deliver(method, { ...params, uri });
      }
    },
    personaSaved: (before, after) => {
      const listeners = [...(byPersona.get(after.personaId) ?? [])];
      for (const listener of listeners) listener.caller = { ...listener.caller, persona: after };
      for (const [method, listOf] of LISTS) {
        if (JSON.stringify(listOf(before)) === JSON.stringify(listOf(after))) continue;
        for (const { deliver } of listeners) deliver(method, {});
      }
      for (const listener of listeners) tellOwn(listener, BUILT_IN_URIS);
      for (const userId of new Set(listeners.map(({ caller }) => caller.principal.executingUserId))) tellApps(userId);
    },
    statusChanged: (userId) => {
      for (const listener of byUser.get(userId) ?? []) tellOwn(listener, [STATUS_URI]);
    },
  };
}

const LISTS: readonly [Notice["method"], (persona: PublishedPersona) => unknown][] = [
  ["notifications/tools/list_changed", ({ tools, version }) => [tools, version.search, version.lossless]],
  ["notifications/resources/list_changed", ({ version }) => [version.resources, version.templates]],
  ["notifications/prompts/list_changed", ({ version }) => [version.prompts, version.recipes]],
];

function find(uri: string, caller: Caller) {
  try {
    return findResource(uri, caller);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
}
