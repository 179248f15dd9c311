import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Caller } from "../deps.ts";

/** Requests and streams that are being answered, so that they can be ended from outside. */
export type OpenRequests = {
  /** `endless`: a stream that ends only when somebody ends it. @throws AppError `too_busy` when this caller has too many open. */
  add: (caller: Caller, endless: boolean) => { signal: AbortSignal; abort: () => void; end: () => void };
  abortOfPrincipal: (principalId: string) => void;
  abortOfPersona: (personaId: string) => void;
  abortEndless: () => void;
  size: () => number;
};

type Entry = { personaId: string; endless: boolean; controller: AbortController };

const PER_PRINCIPAL = 2_000;
/** Passthrough callers are made by somebody else, or by nothing but an address: all of a persona have as much as one. */
const PER_STRANGER = 200;
const STRANGERS = 2_000;

export function createOpenRequests(): OpenRequests {
  const byPrincipal = new Map<string, Set<Entry>>();
  const ofStrangers = new Map<string, number>();
  const abortWhere = (matches: (entry: Entry) => boolean): void => {
    for (const open of byPrincipal.values()) {
      for (const entry of open) if (matches(entry)) entry.controller.abort();
    }
  };
  const leave = (personaId: string): void => {
    const left = (ofStrangers.get(personaId) ?? 0) - 1;
    if (left > 0) ofStrangers.set(personaId, left);
    else ofStrangers.delete(personaId);
  };
  return {
    add: ({ principal, persona }, endless) => {
      const open = byPrincipal.get(principal.id) ?? new Set();
      const { personaId } = persona;
      const isStranger = principal.kind === "external";
      const strangers = ofStrangers.get(personaId) ?? 0;
      if (open.size >= (isStranger ? PER_STRANGER : PER_PRINCIPAL)) throw new AppError("too_busy");
      if (isStranger && strangers >= STRANGERS) throw new AppError("too_busy");
      if (isStranger) ofStrangers.set(personaId, strangers + 1);
      const entry = { personaId, endless, controller: new AbortController() };
      byPrincipal.set(principal.id, open.add(entry));
      return {
        signal: entry.controller.signal,
        abort: () => entry.controller.abort(),
        end: () => {
          if (!open.delete(entry)) return;
          if (open.size === 0) byPrincipal.delete(principal.id);
          if (isStranger) leave(personaId);
        },
      };
    },
    abortOfPrincipal: (principalId) => {
      for (const { controller } of byPrincipal.get(principalId) ?? []) controller.abort();
    },
    abortOfPersona: (personaId) => abortWhere((entry) => entry.personaId === personaId),
    abortEndless: () => abortWhere((entry) => entry.endless),
    size: () => [...byPrincipal.values()].reduce((sum, open) => sum + open.size, 0),
  };
}
