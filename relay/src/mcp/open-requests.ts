import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Caller } from "./exchange.ts";

/** Requests and streams that are being answered, so that they can be ended from outside. */
export type OpenRequests = {
  /** @throws AppError `too_busy` when this caller has too many open. */
  add: (caller: Caller) => { signal: AbortSignal; abort: () => void; end: () => void };
  abortOfPrincipal: (principalId: string) => void;
  abortOfPersona: (personaId: string) => void;
  size: () => number;
};

const PER_PRINCIPAL = 2_000;

export function createOpenRequests(): OpenRequests {
  const byPrincipal = new Map<string, Set<{ personaId: string; controller: AbortController }>>();
  return {
    add: ({ principal, persona }) => {
      const open = byPrincipal.get(principal.id) ?? new Set();
      if (open.size >= PER_PRINCIPAL) throw new AppError("too_busy");
      const entry = { personaId: persona.personaId, controller: new AbortController() };
      byPrincipal.set(principal.id, open.add(entry));
      return {
        signal: entry.controller.signal,
        abort: () => entry.controller.abort(),
        end: () => {
          open.delete(entry);
          if (open.size === 0) byPrincipal.delete(principal.id);
        },
      };
    },
    abortOfPrincipal: (principalId) => {
      for (const { controller } of byPrincipal.get(principalId) ?? []) controller.abort();
    },
    abortOfPersona: (personaId) => {
      for (const open of byPrincipal.values()) {
        for (const entry of open) if (entry.personaId === personaId) entry.controller.abort();
      }
    },
    size: () => [...byPrincipal.values()].reduce((sum, open) => sum + open.size, 0),
  };
}
