import type { LimitsOverview } from "@agent-personas/shared/api/limits";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { findLimits, listKeyBudgets, listPersonaLimits } from "../store/limit-settings.ts";
import { nextMonthAt } from "./month.ts";

/** What a person set, what the relay allows at most, and what this month has used. */
export async function limitsOverview(
  { config, store, limits, now }: Pick<RelayDeps, "config" | "store" | "limits" | "now">,
  { userId }: KnownDevice,
): Promise<LimitsOverview> {
  const person = await findLimits(store.db, { kind: "person", id: userId });
  const personas = await listPersonaLimits(store.db, userId);
  const keys = await listKeyBudgets(store.db, userId);
  return {
    relay: { requestsPerMinute: config.rateLimit, budget: { ...config.monthlyCap } },
    resetsAt: nextMonthAt(now()),
    person: { ...person, usage: await limits.usageOf(userId) },
    personas: await Promise.all(
      personas.map(async (persona) => ({ ...persona, usage: await limits.usageOf(persona.personaId) })),
    ),
    keys: await Promise.all(keys.map(async (key) => ({ ...key, usage: await limits.usageOf(key.keyId) }))),
  };
}
