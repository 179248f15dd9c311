import { BUDGET_WARNING } from "@agent-personas/shared/api/limits";
import type { Allowance, Caller, RelayDeps } from "../deps.ts";
import { findKey } from "../store/access-keys.ts";
import { findGrant } from "../store/grants.ts";
import { findUser } from "../store/users.ts";
import type { AccountInfo } from "./account-info-schema.ts";
import type { Exchange } from "./exchange.ts";
import { visibleTools } from "./visible-tools.ts";
import { whyMissing } from "./why-missing.ts";

export type AccountInfoDeps = Pick<RelayDeps, "store" | "limits" | "devices" | "tunnel" | "now">;

/**
 * What a caller may know about itself; also while the browser is offline or the persona paused. With the name of a
 * tool also why it can be called or not.
 */
export async function accountInfo(caller: Exchange, deps: AccountInfoDeps, asked?: string): Promise<AccountInfo> {
  const { principal, persona } = caller;
  const { rate, budgets, resetsAt } = await deps.limits.allowance(caller);
  const target = { userId: principal.executingUserId, deviceId: principal.deviceId };
  const statuses = deps.tunnel.appStatuses({ ...target, personaId: persona.personaId });
  const blocked = deps.tunnel.blockedTools({ ...target, personaId: persona.personaId });
  const { name, status, tools, slots } = persona.version;
  const shown = new Set(visibleTools(caller).map((tool) => tool.name));
  const used = new Set(tools.filter((tool) => shown.has(tool.exposedName)).map((tool) => tool.slotId));
  const known = principal.kind === "external" ? null : statuses;
  return {
    caller: await loadCaller(caller, deps),
    persona: { name, status },
    scopes: [...principal.scopes],
    rate: { ...rate, resetsAt: isoTime(rate.resetsAt) },
    budgets: budgets
      .filter(({ whose }) => whose !== "person" || principal.kind !== "external")
      .map(renderBudget)
      .filter(({ calls, cents }) => calls !== null || cents !== null),
    budgetsResetAt: isoTime(resetsAt),
    browser: {
      online: statuses !== null,
      // When a person was last there is nothing for callers that person may not even know.
      offlineSince: statuses === null && principal.kind !== "external" ? await loadOfflineSince(target, deps) : null,
    },
    apps: slots
      .filter(({ slotId }) => used.has(slotId))
      .map(({ slotId, appName }) => ({ name: appName, status: known?.get(slotId) ?? null })),
    ...(asked !== undefined && { tool: whyMissing(asked, caller, { statuses, blocked }) }),
  };
}

/** The same as the result of a tool. */
export async function accountResult(caller: Exchange, deps: AccountInfoDeps, asked?: string) {
  const info = await accountInfo(caller, deps, asked);
  return { content: [{ type: "text" as const, text: accountText(info) }], structuredContent: info };
}

function accountText(info: AccountInfo): string {
  const { caller, persona, rate, browser } = info;
  const name = caller.name === "" ? "" : ` “${caller.name}”`;
  const offline = browser.offlineSince === null ? "offline" : `offline since ${browser.offlineSince}`;
  return [
    ...toolText(info.tool),
    `You call as ${caller.kind}${name} for the persona “${persona.name}” (${persona.status})${caller.person === null ? "" : ` of ${caller.person}`}.`,
    `Scopes: ${info.scopes.join(", ") || "none"}.`,
    `Requests left this minute: ${rate.remaining} of ${rate.limit}.`,
    ...info.budgets.map(budgetText),
    info.budgets.length === 0 ? "No monthly budget is set." : `Budgets start again at ${info.budgetsResetAt}.`,
    `The browser that executes calls is ${browser.online ? "online" : offline}.`,
    ...info.apps.map((app) => `${app.name}: ${app.status?.replaceAll("_", " ") ?? "status not known"}.`),
  ].join("\n");
}

function toolText(tool: AccountInfo["tool"]): string[] {
  if (tool === undefined) return [];
  const nearest = tool.nearest.length === 0 ? "" : ` Nearest names: ${tool.nearest.join(", ")}.`;
  return [`${tool.name}: ${`${tool.text} ${tool.next}`.trim()}${nearest}`];
}

const isoTime = (time: number): string => new Date(time).toISOString();

async function loadCaller({ principal }: Caller, { store }: AccountInfoDeps): Promise<AccountInfo["caller"]> {
  // Who brings credentials of their own need not know whose browser it is.
  if (principal.kind === "external") return { kind: "passthrough", name: "", person: null };
  const person = (await findUser(store.db, principal.executingUserId))?.name ?? "";
  switch (principal.kind) {
    case "key":
      return { kind: "access key", name: (await findKey(store.db, principal.id))?.name ?? "", person };
    case "grant":
      return { kind: "sign-in", name: (await findGrant(store.db, principal.id))?.clientName ?? "", person };
  }
}

async function loadOfflineSince(
  { userId, deviceId }: { userId: string; deviceId: string | null },
  { devices }: AccountInfoDeps,
): Promise<string | null> {
  const device = deviceId === null ? (await devices.ofUser(userId))[0] : await devices.find(deviceId);
  const seenAt = device?.lastSeenAt ?? null;
  return seenAt === null ? null : isoTime(seenAt);
}

const amount = (limit: number | null, used: number) =>
  limit === null ? null : { limit, used, remaining: Math.max(0, limit - used) };

const isHigh = (limit: number | null, used: number) => limit !== null && used >= limit * BUDGET_WARNING;

function renderBudget({ whose, budget, usage }: Allowance["budgets"][number]): AccountInfo["budgets"][number] {
  return {
    whose,
    calls: amount(budget.calls, usage.calls),
    cents: amount(budget.cents, usage.cents),
    warning: isHigh(budget.calls, usage.calls) || isHigh(budget.cents, usage.cents),
  };
}

function budgetText({ whose, calls, cents, warning }: AccountInfo["budgets"][number]): string {
  const parts = [
    ...(calls === null ? [] : [`${calls.used} of ${calls.limit} calls`]),
    ...(cents === null ? [] : [`${cents.used} of ${cents.limit} cents`]),
  ];
  const usedUp = calls?.remaining === 0 || cents?.remaining === 0;
  const note = usedUp ? " (used up)" : warning ? " (nearly used up)" : "";
  return `Used of this ${whose}'s monthly budget: ${parts.join(", ")}${note}.`;
}
