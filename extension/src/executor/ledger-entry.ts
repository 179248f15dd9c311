import { callIdSchema } from "@agent-personas/shared/primitives/id";
import { resultSchema } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";

/** What this device knows of one call. It holds no arguments; results only until the relay has taken them over. */
export const ledgerEntrySchema = z.strictObject({
  callId: callIdSchema,
  attempt: z.int().min(1),
  state: z.enum(["unstarted", "running", "done"]),
  /** Neither read-only nor idempotent: never to be run twice. */
  needsGo: z.boolean(),
  /** The start of the worker that wrote this. */
  bootId: z.string(),
  receivedAt: z.number(),
  /** Set while the relay has not answered `stored`. */
  result: resultSchema.nullable(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** What to do with a call that arrives: execute it, wait for the execution under way, or answer. */
export type Verdict = { kind: "new" } | { kind: "in-hand" } | { kind: "answer"; result: LedgerEntry["result"] };

/**
 * Judges a `call` against what the ledger knows of its id. A call that was started is started again only in a
 * later attempt, after the worker that ran it died, and only when running it twice does no harm.
 */
export function judgeCall(known: LedgerEntry | undefined, call: { attempt: number }, bootId: string): Verdict {
  if (known === undefined) return { kind: "new" };
  if (known.state === "done") return { kind: "answer", result: known.result };
  if (known.bootId === bootId) return { kind: "in-hand" };
  if (known.state === "unstarted") return { kind: "new" };
  return !known.needsGo && call.attempt > known.attempt ? { kind: "new" } : { kind: "answer", result: null };
}
