import type { Scope } from "@agent-personas/shared/persona/scope";
import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";

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
    refused: (grantId, scopes) => keepNewest(known, grantId, { scopes, at: now() }, KEPT),
    neededBy: (grantId) => {
      const found = known.get(grantId);
      return found === undefined || found.at + LIFETIME <= now() ? [] : found.scopes;
    },
  };
}
