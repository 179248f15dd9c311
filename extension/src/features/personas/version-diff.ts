import { canonicalJson } from "@agent-personas/shared/primitives/canonical-json";
import { diffPassthrough, type PassthroughChange } from "./passthrough-diff.ts";
import { diffItems, type ItemChange } from "./item-diff.ts";
import { priceOf, type Price } from "@agent-personas/shared/persona/price";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { policyOf, type PersonaTool, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/** What accepting another version of a persona would change here, item by item. */
export type VersionChange =
  | { kind: "name" | "description" | "status" | "address"; before: string; after: string }
  | { kind: "accessKeys" | "interactive" | "passthrough"; after: boolean }
  | { kind: "forwarding"; app: string; after: boolean }
  | PassthroughChange
  | ItemChange
  | { kind: "tool_added" | "tool_removed" | "tool_redefined"; exposedName: string; app: string }
  | {
      kind: "tool_policy" | "tool_name" | "tool_title" | "tool_description";
      exposedName: string;
      before: string;
      after: string;
    }
  | { kind: "tool_risk"; exposedName: string; before: Scope; after: Scope }
  | { kind: "tool_price"; exposedName: string; before: Price | null; after: Price | null };

export function diffVersions(before: PersonaVersion, after: PersonaVersion): VersionChange[] {
  return [
    ...diffDetails(before, after),
    ...diffSlots(before, after),
    ...diffTools(before, after),
    ...diffItems(before, after),
  ];
}

function diffDetails(before: PersonaVersion, after: PersonaVersion): VersionChange[] {
  const changes: VersionChange[] = [];
  for (const kind of ["name", "description", "status"] as const) {
    if (before[kind] !== after[kind]) changes.push({ kind, before: before[kind], after: after[kind] });
  }
  for (const kind of ["interactive", "accessKeys"] as const) {
    if (before.inbound[kind] !== after.inbound[kind]) changes.push({ kind, after: after.inbound[kind] });
  }
  const { passthrough } = after.inbound;
  if ((before.inbound.passthrough === undefined) !== (passthrough === undefined)) {
    changes.push({ kind: "passthrough", after: passthrough !== undefined });
  }
  return [...changes, ...diffPassthrough(before.inbound.passthrough, passthrough)];
}

function diffSlots(before: PersonaVersion, after: PersonaVersion): VersionChange[] {
  return after.slots.flatMap((slot): VersionChange[] => {
    const former = before.slots.find((candidate) => candidate.slotId === slot.slotId);
    const changes: VersionChange[] = [];
    const forwarding = slot.usesForwardedHeaders === true;
    if ((former?.usesForwardedHeaders === true) !== forwarding) {
      changes.push({ kind: "forwarding", app: slot.appName, after: forwarding });
    }
    if (former !== undefined && former.appUrl !== slot.appUrl) {
      changes.push({ kind: "address", before: former.appUrl, after: slot.appUrl });
    }
    return changes;
  });
}

function diffTools(before: PersonaVersion, after: PersonaVersion): VersionChange[] {
  const former = new Map(before.tools.map((tool) => [key(tool), tool]));
  const kept = new Set(after.tools.map(key));
  const changes = after.tools.flatMap((tool): VersionChange[] => {
    const { exposedName } = tool;
    const old = former.get(key(tool));
    if (old === undefined) return [{ kind: "tool_added", exposedName, app: appOf(after, tool) }];
    const found: VersionChange[] = [];
    if (old.pin !== tool.pin) found.push({ kind: "tool_redefined", exposedName, app: appOf(after, tool) });
    found.push(...diffTexts(old, tool));
    if (old.riskClass !== tool.riskClass) {
      found.push({ kind: "tool_risk", exposedName, before: old.riskClass, after: tool.riskClass });
    }
    const policies = { before: policyOf(before, old), after: policyOf(after, tool) };
    if (policies.before !== policies.after) found.push({ kind: "tool_policy", exposedName, ...policies });
    const prices = { before: priceOf(old), after: priceOf(tool) };
    if (!samePrice(prices.before, prices.after)) found.push({ kind: "tool_price", exposedName, ...prices });
    return found;
  });
  const removed = before.tools
    .filter((tool) => !kept.has(key(tool)))
    .map((tool): VersionChange => ({
      kind: "tool_removed",
      exposedName: tool.exposedName,
      app: appOf(before, tool),
    }));
  return [...changes, ...removed];
}

/** What AI clients read of a tool and the owner chose: its name, and texts in place of the app's. */
function diffTexts(old: PersonaTool, { exposedName, overrides }: PersonaTool): VersionChange[] {
  const texts = [
    ["tool_name", old.exposedName, exposedName],
    ["tool_title", old.overrides.title ?? "", overrides.title ?? ""],
    ["tool_description", old.overrides.description ?? "", overrides.description ?? ""],
  ] as const;
  return texts.flatMap(([kind, before, after]) => (before === after ? [] : [{ kind, exposedName, before, after }]));
}

const key = (tool: PersonaTool): string => `${tool.slotId}\n${tool.originalName}`;

const appOf = (version: PersonaVersion, tool: PersonaTool): string =>
  version.slots.find((slot) => slot.slotId === tool.slotId)?.appName ?? "";

const samePrice = (before: Price | null, after: Price | null): boolean =>
  canonicalJson(before) === canonicalJson(after);
