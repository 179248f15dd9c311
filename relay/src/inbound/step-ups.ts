import type { Scope } from "@agent-personas/shared/persona/scope";

/** What calls of AI clients were refused for want of, so that the consent page knows why a client asks again. */
export type StepUps = {
  refused: (grantId: string, scopes: readonly Scope[]) => void;
  neededBy: (grantId: string) => readonly Scope[];
};

/** Milliseconds; who comes later comes for another reason. */
const LIFETIME = 15 * 60_000;
const KEPT = 10_000;

/** Held in memory: it fills in a form, and decides nothing. */
export function createStepUps({ now }: { now: () => number }): StepUps {
  const known = new Map<string, { scopes: readonly Scope[]; at: number }>();
  return {
    refused: (grantId, scopes) => {
      // Anew at the end of the line, so that the first is always the oldest.
      known.delete(grantId);
      known.set(grantId, { scopes, at: now() });
      const oldest = known.size > KEPT ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
    neededBy: (grantId) => {
      const found = known.get(grantId);
      return found === undefined || found.at + LIFETIME <= now() ? [] : found.scopes;
    },
  };
}
