import type { Budget, Usage } from "@agent-personas/shared/api/limits";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Allowance, Caller, Limits, RelayDeps } from "../deps.ts";
import { addressBlock } from "../http/address-block.ts";
import type { LimitSubject } from "../store/limit-settings.ts";
import type { Amount } from "../store/monthly-usage.ts";
import { checkBudget, MILLICENTS } from "./check-budget.ts";
import { createKnownLimits } from "./known-limits.ts";
import { nextMonthAt } from "./month.ts";
import { createMonthlyCounters, type Counter } from "./monthly-counters.ts";
import { createRateWindows, type Rate } from "./rate-windows.ts";

type BudgetSubject = LimitSubject & { budget: Budget; counter: Counter };

const MINUTE_MS = 60_000;
const FLUSH_MS = 1_000;
/** Credentials of an address that turned out bad, a minute. Clients that lost theirs stay far below. */
const BAD_CREDENTIALS = 120;
/** All passthrough callers of a persona together, as multiple of what one may. */
const PASSTHROUGH_CALLERS = 10;
/** Requests of one passthrough caller with those that are free, as multiple of those that are not. */
const STRANGER_REQUESTS = 10;

/** Counts what callers use, in memory; `close` writes the rest. */
export function createLimits(
  deps: Pick<RelayDeps, "config" | "store" | "log" | "now">,
): Limits & { close: () => Promise<void> } {
  const { config, now } = deps;
  const windows = createRateWindows({ now, windowMs: MINUTE_MS });
  // Apart, so that many addresses cannot make it forget what callers have used.
  const strangers = createRateWindows({ now, windowMs: MINUTE_MS });
  const counters = createMonthlyCounters(deps);
  const known = createKnownLimits(deps.store);

  const ratesOf = async ({ principal, persona }: Caller): Promise<Rate[]> => {
    const own = (await known.of({ kind: "persona", id: persona.personaId })).requestsPerMinute;
    const ofPersona = own === null ? [] : [{ name: persona.personaId, limit: own }];
    if (principal.kind === "external") {
      const together = { name: `passthrough ${persona.personaId}`, limit: config.rateLimit * PASSTHROUGH_CALLERS };
      return [{ name: principal.id, limit: config.rateLimit }, together, ...ofPersona];
    }
    const { executingUserId: id } = principal;
    const { requestsPerMinute } = await known.of({ kind: "person", id });
    return [{ name: id, limit: lower(requestsPerMinute, config.rateLimit) ?? config.rateLimit }, ...ofPersona];
  };

  const budgetsOf = async ({ principal, persona }: Caller): Promise<BudgetSubject[]> => {
    const subjects: LimitSubject[] = [
      { kind: "person", id: principal.executingUserId },
      { kind: "persona", id: persona.personaId },
      ...(principal.keyId === null ? [] : [{ kind: "key" as const, id: principal.keyId }]),
    ];
    return Promise.all(
      subjects.map(async (subject) => {
        const { budget } = await known.of(subject);
        const capped = subject.kind === "person" ? lowerBudget(budget, config.monthlyCap) : budget;
        return { ...subject, budget: capped, counter: await counters.get(subject.id) };
      }),
    );
  };

  const timer = setInterval(() => {
    counters.flush().catch((error: unknown) => deps.log.error({ err: error }, "usage was not written"));
  }, FLUSH_MS);
  timer.unref();

  return {
    countRequest: async (caller, count = 1) => {
      const refused = windows.take(await ratesOf(caller), count);
      if (refused !== null) throw rateLimited(refused.until - now());
    },
    countStranger: (principalId) => {
      const all = { name: principalId, limit: config.rateLimit * STRANGER_REQUESTS };
      const refused = strangers.take([all], 1);
      if (refused !== null) throw rateLimited(refused.until - now());
    },
    reserveCall: async (caller, cents) => {
      const amount: Amount = { calls: 1, millicents: Math.round(cents * MILLICENTS) };
      const budgets = await budgetsOf(caller);
      const resetsAt = nextMonthAt(now());
      for (const { kind, budget, counter } of budgets) {
        const whose = kind === "person" && caller.principal.kind === "external" ? "owner" : kind;
        checkBudget(whose, budget, { used: counter.used, reserved: counter.reserved, next: amount, resetsAt });
      }
      for (const { counter } of budgets) counter.reserve(amount);
      let open = true;
      const settle = (executed: boolean): void => {
        if (!open) return;
        open = false;
        for (const { counter } of budgets) counter.settle(amount, executed);
      };
      return { commit: () => settle(true), release: () => settle(false) };
    },
    allowance: async (caller) => {
      const rates = (await ratesOf(caller)).map(windows.state);
      const [tightest = { limit: config.rateLimit, remaining: config.rateLimit, resetsAt: now() }] = rates.toSorted(
        (a, b) => a.remaining - b.remaining,
      );
      const budgets = await budgetsOf(caller);
      const rendered: Allowance["budgets"] = budgets.map(({ kind, budget, counter }) => ({
        whose: kind,
        budget,
        usage: toUsage(counter.used),
      }));
      return { rate: tightest, budgets: rendered, resetsAt: nextMonthAt(now()) };
    },
    usageOf: async (subjectId) => toUsage((await counters.get(subjectId)).used),
    forget: known.forget,
    badCredential: (address) => {
      const refused = strangers.take([badCredentials(address)], 1);
      if (refused !== null) throw rateLimited(refused.until - now());
    },
    flush: counters.flush,
    close: async () => {
      clearInterval(timer);
      await counters.flush();
    },
  };
}

const badCredentials = (address: string): Rate => ({ name: addressBlock(address), limit: BAD_CREDENTIALS });

const rateLimited = (ms: number): AppError =>
  new AppError("rate_limited", { detail: { retryAfter: String(Math.max(1, Math.ceil(ms / 1_000))) } });

const toUsage = ({ calls, millicents }: Amount): Usage => ({ calls, cents: millicents / MILLICENTS });

function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

const lowerBudget = (one: Budget, other: Budget): Budget => ({
  calls: lower(one.calls, other.calls),
  cents: lower(one.cents, other.cents),
});
