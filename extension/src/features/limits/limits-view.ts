import {
  NO_BUDGET,
  type Budget,
  type LimitSettings,
  type LimitsOverview,
  type Usage,
} from "@agent-personas/shared/api/limits";
import { usageLine, worstLevel, type UsageLevel, type UsageLine } from "../../lib/usage-line.ts";
import { compareNames } from "../../lib/compare-names.ts";

/** What a month has used of a budget, line by line. */
export type BudgetLines = { calls: UsageLine; cents: UsageLine };

/** A persona on the limits page; `keys` are those with a budget of their own. */
export type PersonaLimits = {
  personaId: string;
  name: string;
  settings: LimitSettings;
  lines: BudgetLines;
  level: UsageLevel;
  keys: { count: number; level: UsageLevel };
};

const NO_LIMITS: LimitSettings = { requestsPerMinute: null, budget: NO_BUDGET };
const NOTHING_USED: Usage = { calls: 0, cents: 0 };

/** `relay` is what holds for everybody; a persona's own lines have none, since the person's hold on top of them. */
export const budgetLines = (usage: Usage, budget: Budget, relay: Budget = NO_BUDGET): BudgetLines => ({
  calls: usageLine(usage.calls, budget.calls, relay.calls),
  cents: usageLine(usage.cents, budget.cents, relay.cents),
});

export const levelOf = ({ calls, cents }: BudgetLines): UsageLevel => worstLevel([calls, cents]);

/** One persona; the relay names only those that have limits or were used. */
export function personaLimits(overview: LimitsOverview, persona: { personaId: string; name: string }): PersonaLimits {
  const found = overview.personas.find(({ personaId }) => personaId === persona.personaId);
  const { requestsPerMinute, budget } = found ?? NO_LIMITS;
  const lines = budgetLines(found?.usage ?? NOTHING_USED, budget);
  const keys = overview.keys.filter(({ personaId }) => personaId === persona.personaId);
  return {
    ...persona,
    settings: { requestsPerMinute, budget },
    lines,
    level: levelOf(lines),
    keys: { count: keys.length, level: worstLevel(keys.map((key) => ({ level: levelOf(keyLines(key)) }))) },
  };
}

/** All of them, by name. */
export function listPersonaLimits(
  overview: LimitsOverview,
  personas: readonly { personaId: string; name: string }[],
): PersonaLimits[] {
  return personas
    .map((persona) => personaLimits(overview, persona))
    .toSorted((a, b) => compareNames(a.name, b.name) || (a.personaId < b.personaId ? -1 : 1));
}

/** Whose budget keeps, or will soon keep, callers of a persona from it; what is used up first. */
export type LimitWarning = { whose: "person" | "persona" | "keys"; level: Exclude<UsageLevel, "fine"> };

export function limitWarnings(overview: LimitsOverview, personaId: string): LimitWarning[] {
  const { person, relay } = overview;
  const { level, keys } = personaLimits(overview, { personaId, name: "" });
  const levels = [
    { whose: "person" as const, level: levelOf(budgetLines(person.usage, person.budget, relay.budget)) },
    { whose: "persona" as const, level },
    { whose: "keys" as const, level: keys.level },
  ];
  const at = (wanted: LimitWarning["level"]) =>
    levels.filter((found) => found.level === wanted).map(({ whose }): LimitWarning => ({ whose, level: wanted }));
  return [...at("over"), ...at("near")];
}

/** What each key with a budget has used, by its id. */
export const usageOfKeys = (overview: LimitsOverview | null): ReadonlyMap<string, Usage> =>
  new Map(overview?.keys.map(({ keyId, usage }) => [keyId, usage]));

/** The rate that holds for a person: their own, as far as the relay lets them. */
export function effectiveRate({ person, relay }: LimitsOverview): number | null {
  const rates = [person.requestsPerMinute, relay.requestsPerMinute].filter((rate) => rate !== null);
  return rates.length === 0 ? null : Math.min(...rates);
}

const keyLines = ({ usage, budget }: { usage: Usage; budget: Budget }): BudgetLines => budgetLines(usage, budget);
