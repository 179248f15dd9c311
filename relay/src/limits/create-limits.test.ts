import { NO_BUDGET, type Budget } from "@agent-personas/shared/api/limits";
import fc from "fast-check";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig, withPort } from "../config.ts";
import type { Caller, Limits, Reservation } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";
import { createPublishedPersonas } from "../personas/published-personas.ts";
import { updatePersonaLimits, updatePersonLimits } from "../store/limit-settings.ts";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { createLimits } from "./create-limits.ts";

let owner: Owner;
let clock: { now: number };
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  owner = await createOwner();
  clock = { now: Date.parse("2026-11-20T12:00:00Z") };
});
afterEach(async () => {
  for (const limits of open.splice(0)) await limits.close();
  await owner.store.close();
});

function start(env: Record<string, string> = {}) {
  const config = withPort(readConfig({ PORT: "0", ...env }), 1);
  const limits = createLimits({ config, store: owner.store, log: pino({ level: "silent" }), now: () => clock.now });
  open.push(limits);
  return limits;
}

async function caller(budget: Budget = NO_BUDGET, change: Partial<Principal> = {}): Promise<Caller> {
  const { personaId } = await owner.publish();
  const { keyId } = await owner.key(personaId, { budget });
  const persona = await createPublishedPersonas(owner.store).byId(personaId);
  if (persona === null) throw new Error("The persona was not published.");
  const principal: Principal = {
    kind: "key",
    id: keyId,
    personaId,
    executingUserId: owner.userId,
    deviceId: null,
    scopes: ["read"],
    tools: null,
    keyId,
    forwardedHeaders: {},
    ...change,
  };
  return { principal, persona };
}

const usedOf = async (limits: Limits, of: Caller) =>
  (await limits.allowance(of)).budgets.map(({ usage }) => usage.calls);

test("however calls overlap and end, no budget is exceeded and what was executed is counted, across restarts", async () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant("start" as const) }),
    fc.record({ type: fc.constant("end" as const), which: fc.nat(20), executed: fc.boolean(), twice: fc.boolean() }),
    fc.record({ type: fc.constant("flush" as const) }),
    fc.record({ type: fc.constant("restart" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 8 }), async (steps, most) => {
      const who = await caller({ calls: most, cents: null });
      let limits = start();
      const running: Reservation[] = [];
      let executed = 0;
      let asMany = true;
      for (const next of steps) {
        if (next.type === "start") {
          const attempts = await Promise.allSettled(Array.from({ length: 3 }, () => limits.reserveCall(who, 0)));
          const begun = attempts.filter((attempt) => attempt.status === "fulfilled").map(({ value }) => value);
          asMany &&= begun.length === Math.min(3, most - executed - running.length);
          running.push(...begun);
        } else if (next.type === "end") {
          const [one] = running.splice(next.which % Math.max(1, running.length), 1);
          if (one === undefined) continue;
          const settle = next.executed ? one.commit : one.release;
          settle();
          if (next.twice) one.commit();
          executed += next.executed ? 1 : 0;
        } else if (next.type === "flush") {
          await Promise.all([limits.flush(), limits.flush()]);
        } else {
          running.splice(0).forEach(({ release }) => release());
          await limits.close();
          limits = start();
        }
        expect([asMany, (await usedOf(limits, who))[2]]).toEqual([true, executed]);
      }
    }),
    { numRuns: 40 },
  );
});

test("two relays that write to one database lose nothing of each other", async () => {
  const who = await caller();
  const [one, other] = [start(), start()];
  for (const limits of [one, other, one, one, other]) (await limits.reserveCall(who, 1.5)).commit();
  await Promise.all([one.flush(), other.flush(), one.flush()]);
  expect((await start().allowance(who)).budgets.map(({ usage }) => usage)).toEqual(
    Array.from({ length: 3 }, () => ({ calls: 5, cents: 7.5 })),
  );
});

test("a flush that fails keeps what was counted for the next", async () => {
  const who = await caller();
  const limits = start();
  (await limits.reserveCall(who, 0)).commit();
  await owner.store.db.schema.alterTable("monthly_usage").renameTo("away").execute();
  await expect(limits.flush()).rejects.toThrow(/monthly_usage/u);
  await owner.store.db.schema.alterTable("away").renameTo("monthly_usage").execute();
  await limits.flush();
  expect(await usedOf(start(), who)).toEqual([1, 1, 1]);
});

test("a month in UTC starts at nothing, a call counts in the month it began in, and old months are removed", async () => {
  const who = await caller({ calls: 1, cents: null });
  const limits = start();
  clock.now = Date.parse("2026-11-30T23:59:59.999Z");
  const late = await limits.reserveCall(who, 0);
  await expect(limits.reserveCall(who, 0)).rejects.toMatchObject({
    code: "budget_exceeded",
    detail: { whose: "this access key", limit: "1 call", resets: "2026-12-01" },
  });
  clock.now = Date.parse("2026-12-01T00:00:00Z");
  late.commit();
  expect(await usedOf(limits, who)).toEqual([0, 0, 0]);
  (await limits.reserveCall(who, 0)).commit();
  await limits.flush();
  const rows = await owner.store.db.selectFrom("monthly_usage").select("month").distinct().execute();
  expect(rows).toEqual([{ month: "2026-12" }]);
  expect((await limits.allowance(who)).resetsAt).toBe(Date.UTC(2027, 0, 1));
});

const set = (calls: number | null) => ({ requestsPerMinute: null, budget: { calls, cents: null } });

test("budgets of person, persona and key hold at once, and a change holds from the next call", async () => {
  const who = await caller({ calls: 3, cents: null });
  const limits = start();
  const attempt = async () => {
    const result = await limits.reserveCall(who, 0).catch((error: unknown) => error);
    if (result instanceof Error) return "detail" in result ? result.detail : result;
    (result as Reservation).commit();
    return "executed";
  };
  await updatePersonaLimits(owner.store.db, who.persona.personaId, set(1));
  expect(await attempt()).toBe("executed");
  expect(await attempt()).toMatchObject({ whose: "this persona" });
  await updatePersonaLimits(owner.store.db, who.persona.personaId, set(null));
  expect(await attempt()).toMatchObject({ whose: "this persona" });
  limits.forget(who.persona.personaId);
  await updatePersonLimits(owner.store.db, owner.userId, set(2));
  limits.forget(owner.userId);
  expect(await attempt()).toBe("executed");
  expect(await attempt()).toMatchObject({ whose: "this person" });
});

test("prices that no binary fraction hits add up exactly", async () => {
  const who = await caller({ calls: null, cents: 1 });
  const limits = start();
  for (let n = 0; n < 10; n += 1) (await limits.reserveCall(who, 0.1)).commit();
  expect((await limits.allowance(who)).budgets[2]?.usage).toEqual({ calls: 10, cents: 1 });
  await expect(limits.reserveCall(who, 0.001)).rejects.toMatchObject({ detail: { limit: "1 cent" } });
  (await limits.reserveCall(who, 0)).commit();
  // Nor does a budget that was lowered below what is used keep anybody from what is free.
  await updatePersonLimits(owner.store.db, owner.userId, { ...set(null), budget: { calls: null, cents: 0 } });
  limits.forget(owner.userId);
  await expect(limits.reserveCall(who, 0.001)).rejects.toMatchObject({ detail: { whose: "this person" } });
  (await limits.reserveCall(who, 0)).commit();
});

test("passthrough callers have a bucket each and one together, and none of the person's", async () => {
  const limits = start({ RATE_LIMIT: "2" });
  const known = await caller();
  const external = (n: number): Caller => ({
    ...known,
    principal: { ...known.principal, kind: "external", id: `external ${n}`, keyId: null },
  });
  for (let n = 0; n < 10; n += 1) {
    await limits.countRequest(external(n));
    await limits.countRequest(external(n));
    await expect(limits.countRequest(external(n))).rejects.toMatchObject({ code: "rate_limited" });
  }
  await expect(limits.countRequest(external(10))).rejects.toMatchObject({ code: "rate_limited" });
  await limits.countRequest(known);
  expect((await limits.allowance(known)).rate).toEqual({ limit: 2, remaining: 1, resetsAt: clock.now + 60_000 });
});

test("a minute starts with its first request, whatever comes at the same time", async () => {
  const limits = start({ RATE_LIMIT: "5" });
  const who = await caller();
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => limits.countRequest(who)));
  expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  clock.now += 59_999;
  await expect(limits.countRequest(who)).rejects.toMatchObject({ detail: { retryAfter: "1" } });
  clock.now += 1;
  await limits.countRequest(who);
});

test("an IPv6 customer is one address", async () => {
  const limits = start();
  for (let n = 0; n < 120; n += 1) limits.badCredential(`2001:db8:1:1::${n.toString(16)}`);
  const again = (address: string) => () => limits.badCredential(address);
  expect(again("2001:db8:1:1:ffff::1")).toThrow(expect.objectContaining({ code: "rate_limited" }));
  expect(again("2001:db8:1:2::1")).not.toThrow();
});
