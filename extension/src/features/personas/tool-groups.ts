import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { AppRow, ConnectionRow, ItemRow, ToolRow } from "../../db/rows.ts";
import type { SlotSource } from "./draft-state.ts";
import { plainLine } from "../../lib/hidden-characters.ts";
import { listItems, type ListedItem } from "./listed-items.ts";
import { sizeOfTool, type ToolSize } from "./tool-meter.ts";
import type { WizardSlot } from "./wizard-draft.ts";
import { compareNames } from "../../lib/compare-names.ts";

/** A tool as the tool step lists it. `removed` when only the persona still has it; `changed` since it was approved. */
export type ListedTool = {
  originalName: string;
  /** Name and title without hidden characters. */
  label: string;
  title: string | null;
  definition: ToolDefinition;
  /** What saving approves: what was approved already, else what is listed. A change is accepted elsewhere. */
  pin: string;
  /** What was approved, when it differs from `definition`. */
  approved: ToolDefinition | null;
  riskClass: Scope;
  riskDeclared: boolean;
  state: "listed" | "changed" | "removed";
  size: ToolSize;
  /** Name, title and description in lower case. */
  haystack: string;
};

/** One account of one app, or a slot whose app is not on this device. */
export type ToolGroup = {
  groupId: string;
  slotId: string | null;
  app: AppRow | null;
  connection: ConnectionRow | null;
  source: SlotSource | null;
  title: string;
  /** Tells two accounts of one app apart; null when there is one. */
  account: string | null;
  tools: ListedTool[];
  /** Resources, templates and prompts. */
  items: ListedItem[];
};

type GroupInput = {
  apps: readonly AppRow[];
  connections: readonly ConnectionRow[];
  tools: readonly ToolRow[];
  items?: readonly ItemRow[];
  slots: readonly WizardSlot[];
  accepted: PersonaVersion | null;
};

/** Everything that can be chosen, by account, in the order of the apps' names; slots without an account last. */
export function listToolGroups(input: GroupInput): ToolGroup[] {
  const { apps, connections, slots } = input;
  const rows = Map.groupBy(input.tools, (row) => row.connectionId);
  const itemRows = Map.groupBy(input.items ?? [], (row) => row.connectionId);
  const accounts = Map.groupBy(connections, (connection) => connection.appId);
  const groups = apps.flatMap((app) =>
    (accounts.get(app.appId) ?? []).map((connection): ToolGroup => {
      const slotId = slots.find((slot) => slot.connectionId === connection.connectionId)?.slotId ?? null;
      return {
        groupId: connection.connectionId,
        slotId,
        app,
        connection,
        source: {
          appId: app.appId,
          connectionId: connection.connectionId,
          appName: app.name,
          label: connection.label,
        },
        title: plainLine(app.name),
        account: (accounts.get(app.appId)?.length ?? 0) > 1 ? plainLine(connection.label) : null,
        tools: listTools(rows.get(connection.connectionId) ?? [], slotId, input.accepted),
        items: listItems(itemRows.get(connection.connectionId) ?? [], slotId, input.accepted),
      };
    }),
  );
  const unbound = slots
    .filter((slot) => !connections.some((connection) => connection.connectionId === slot.connectionId))
    .map((slot): ToolGroup => {
      const named = input.accepted?.slots.find((candidate) => candidate.slotId === slot.slotId);
      return {
        groupId: slot.slotId,
        slotId: slot.slotId,
        app: apps.find((app) => app.appId === slot.appId) ?? null,
        connection: null,
        source: null,
        title: plainLine(named?.appName ?? slot.prefix),
        account: null,
        tools: listTools([], slot.slotId, input.accepted),
        items: listItems([], slot.slotId, input.accepted),
      };
    });
  const known = unbound.filter((group) => group.tools.length > 0 || group.items.length > 0);
  return [...groups.toSorted(byTitle), ...known.toSorted(byTitle)];
}

const byTitle = (a: ToolGroup, b: ToolGroup): number =>
  compareNames(a.title, b.title) || compareNames(a.account ?? "", b.account ?? "");

function listTools(rows: readonly ToolRow[], slotId: string | null, accepted: PersonaVersion | null): ListedTool[] {
  const approved = new Map(
    (accepted?.tools ?? []).filter((tool) => tool.slotId === slotId).map((tool) => [tool.originalName, tool]),
  );
  const present = rows.filter((row) => row.present);
  const names = new Set(present.map((row) => row.name));
  const listed = present.map((row): ListedTool => {
    const before = approved.get(row.name);
    const changed = before !== undefined && before.pin !== row.pin;
    return {
      ...textsOf(row.definition),
      pin: before?.pin ?? row.pin,
      approved: changed ? before.definition : null,
      riskClass: row.riskClass,
      riskDeclared: row.riskDeclared,
      state: changed ? "changed" : "listed",
    };
  });
  const removed = [...approved.values()]
    .filter((tool) => !names.has(tool.originalName))
    .map((tool): ListedTool => ({
      ...textsOf(tool.definition),
      pin: tool.pin,
      approved: null,
      riskClass: tool.riskClass,
      riskDeclared: true,
      state: "removed",
    }));
  return [...listed, ...removed].toSorted((a, b) => compareNames(a.label, b.label));
}

function textsOf(definition: ToolDefinition) {
  const title = plainLine(definition.title ?? definition.annotations?.title ?? "");
  const label = plainLine(definition.name) || definition.name;
  return {
    originalName: definition.name,
    label,
    title: title === "" || title === label ? null : title,
    definition,
    size: sizeOfTool(definition),
    haystack: `${label}\n${title}\n${definition.description ?? ""}`.toLowerCase(),
  };
}
