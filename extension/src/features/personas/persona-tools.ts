import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { priceOf, type Price } from "@agent-personas/shared/persona/price";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { ToolRow } from "../../db/rows.ts";
import { plainLine } from "../../lib/hidden-characters.ts";
import type { SlotView } from "./persona-summary.ts";
import { matchesQuery } from "./tool-tree.ts";
import { toolState, type ToolState } from "./tool-state.ts";
import { compareNames } from "../../lib/compare-names.ts";

export const TOOL_STATES = ["enabled", "changed", "removed", "needs_sign_in", "never"] as const satisfies ToolState[];

/** A tool of a persona as its page shows it. */
export type ToolView = {
  exposedName: string;
  title: string | null;
  description: string | null;
  riskClass: Scope;
  riskDeclared: boolean;
  state: ToolState;
  price: Price | null;
  definition: ToolDefinition;
  /** What the app lists now, when it differs from what was approved. */
  listed: ToolDefinition | null;
};
export type ToolViewGroup = { slot: SlotView; tools: ToolView[] };

/** The persona's tools by slot; slots without a match are left out. */
export function groupPersonaTools(
  version: PersonaVersion,
  slots: readonly SlotView[],
  rows: readonly ToolRow[],
  filter: { query: string; state: ToolState | "any" },
): ToolViewGroup[] {
  const byKey = new Map(rows.map((row) => [`${row.connectionId}\n${row.name}`, row]));
  return slots.flatMap((slot) => {
    const tools = version.tools
      .filter((tool) => tool.slotId === slot.slotId)
      .map((tool): ToolView => {
        const row = byKey.get(`${slot.connection?.connectionId ?? ""}\n${tool.originalName}`);
        const state = toolState(version, tool, { connection: slot.connection, row });
        const { definition, overrides } = tool;
        const title = plainLine(overrides.title ?? definition.title ?? definition.annotations?.title ?? "");
        return {
          exposedName: tool.exposedName,
          title: title === "" ? null : title,
          description: overrides.description ?? definition.description ?? null,
          riskClass: tool.riskClass,
          riskDeclared: row?.riskDeclared ?? true,
          state,
          price: priceOf(tool),
          definition,
          listed: state === "changed" ? (row?.definition ?? null) : null,
        };
      })
      .filter((tool) => filter.state === "any" || tool.state === filter.state)
      .filter((tool) =>
        matchesQuery(
          `${tool.exposedName}\n${tool.definition.name}\n${tool.title ?? ""}\n${tool.description ?? ""}`.toLowerCase(),
          filter.query,
        ),
      )
      .toSorted((a, b) => compareNames(a.exposedName, b.exposedName));
    return tools.length === 0 ? [] : [{ slot, tools }];
  });
}
