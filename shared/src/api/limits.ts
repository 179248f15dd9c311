import { z } from "zod";
import { keyIdSchema, personaIdSchema } from "../primitives/id.ts";

/** What may be used in a calendar month (UTC); null is unlimited. `cents` counts the upper end of tools' prices. */
export const budgetSchema = z.strictObject({
  calls: z.int().min(0).max(100_000_000).nullable(),
  cents: z.int().min(0).max(100_000_000).nullable(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const NO_BUDGET: Budget = { calls: null, cents: null };

/** What was used in the current month. */
export const usageSchema = z.strictObject({ calls: z.int().min(0), cents: z.number().min(0) });
export type Usage = z.infer<typeof usageSchema>;

/** Requests a minute; null leaves it to the relay's own number. Calls and reads count, lists and handshakes do not. */
export const rateSchema = z.int().min(1).max(100_000).nullable();

/** Limits that a person sets; a persona's hold on top of the person's own. */
export const limitsSchema = z.strictObject({ requestsPerMinute: rateSchema, budget: budgetSchema });
export type LimitSettings = z.infer<typeof limitsSchema>;

/** `GET /api/v1/limits`: the person's numbers, what the relay allows at most, and what this month has used. */
export const limitsOverviewSchema = z.strictObject({
  /** Set by whoever runs the relay; nobody gets beyond them. */
  relay: limitsSchema,
  /** When this month's counters start again. Milliseconds since the epoch. */
  resetsAt: z.int().min(0),
  person: limitsSchema.extend({ usage: usageSchema }),
  personas: z.array(limitsSchema.extend({ personaId: personaIdSchema, usage: usageSchema })),
  /** Keys that have a budget of their own. */
  keys: z.array(
    z.strictObject({ keyId: keyIdSchema, personaId: personaIdSchema, budget: budgetSchema, usage: usageSchema }),
  ),
});
export type LimitsOverview = z.infer<typeof limitsOverviewSchema>;

/** `PUT /api/v1/limits` (the person's) and `PUT /api/v1/personas/:personaId/limits` take `limitsSchema`; 204. */

/** From here on the person is warned. Share of a budget. */
export const BUDGET_WARNING = 0.8;
