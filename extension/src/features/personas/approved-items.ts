import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ItemRow } from "../../db/rows.ts";

/** A resource, template or prompt as it was approved or is listed. */
export type ItemDefinition = Pick<ItemRow, "kind" | "id" | "definition" | "pin">;
export type ApprovedItem = ItemDefinition & { slotId: string; exposedName: string };

/** What a version offers of a slot besides tools; of every slot without one. */
export function approvedItems(version: PersonaVersion | null, slotId?: string): ApprovedItem[] {
  const { resources = [], templates = [], prompts = [] } = version ?? {};
  const items: ApprovedItem[] = [
    ...resources.map(({ definition, exposedUri, ...item }): ApprovedItem => ({
      ...item,
      kind: "resource",
      id: definition.uri,
      definition,
      exposedName: exposedUri,
    })),
    ...templates.map(({ definition, exposedTemplate, ...item }): ApprovedItem => ({
      ...item,
      kind: "template",
      id: definition.uriTemplate,
      definition,
      exposedName: exposedTemplate,
    })),
    ...prompts.map((item): ApprovedItem => ({ ...item, kind: "prompt", id: item.definition.name })),
  ];
  return slotId === undefined ? items : items.filter((item) => item.slotId === slotId);
}
