import { AppError } from "@agent-personas/shared/errors/app-error";
import {
  promptDefinitionSchema,
  resourceDefinitionSchema,
  templateDefinitionSchema,
  type PersonaPrompt,
  type PersonaResource,
  type PersonaTemplate,
} from "@agent-personas/shared/persona/persona-item";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import { nameTools } from "@agent-personas/shared/persona/tool-name";
import type { Database } from "../../db/database.ts";
import type { ItemRow } from "../../db/rows.ts";
import type { PersonaDraft } from "../../messages/persona-draft.ts";

type Chosen = { slot: Slot; row: Pick<ItemRow, "kind" | "id" | "definition" | "pin"> };

/**
 * The resources, templates and prompts of a version: all that an app lists now, or what was picked, each with the pin
 * of the definition that the person saw. Two apps with the same address are told apart by the prefix of the later one.
 * @throws AppError `definition_changed` when an app defines a picked one in another way by now
 */
export async function buildItems(
  db: Database,
  draft: PersonaDraft,
  base: PersonaVersion | null,
  slots: readonly Slot[],
): Promise<Pick<PersonaVersion, "resources" | "templates" | "prompts">> {
  const chosen = (await Promise.all(slots.map((slot) => chooseOf(db, draft, base, slot)))).flat();
  const of = (kind: ItemRow["kind"]): Chosen[] => chosen.filter(({ row }) => row.kind === kind);
  const taken = new Set<string>();
  const expose = (uri: string, prefix: string): string => {
    const exposed = taken.has(uri) ? `${prefix}+${uri}` : uri;
    taken.add(exposed);
    return exposed;
  };
  const resources = of("resource").map(
    ({ slot: { slotId, prefix }, row: { id, definition, pin } }): PersonaResource => {
      return { slotId, exposedUri: expose(id, prefix), pin, definition: resourceDefinitionSchema.parse(definition) };
    },
  );
  const templates = of("template").map(
    ({ slot: { slotId, prefix }, row: { id, definition, pin } }): PersonaTemplate => {
      return {
        slotId,
        exposedTemplate: expose(id, prefix),
        pin,
        definition: templateDefinitionSchema.parse(definition),
      };
    },
  );
  const prompts = await namePrompts(of("prompt"), draft.prefixing);
  return {
    ...(resources.length > 0 && { resources }),
    ...(templates.length > 0 && { templates }),
    ...(prompts.length > 0 && { prompts }),
  };
}

async function chooseOf(db: Database, draft: PersonaDraft, base: PersonaVersion | null, slot: Slot): Promise<Chosen[]> {
  const { connectionId } = draft.slots.find(({ slotId }) => slotId === slot.slotId) ?? {};
  if (connectionId === undefined) return [];
  const listed = (await db.items.where({ connectionId }).toArray()).filter(({ present }) => present);
  const offers = (kind: ItemRow["kind"]) => (kind === "prompt" ? slot.prompts : slot.resources) ?? "none";
  const whole = listed.filter(({ kind }) => offers(kind) === "all");
  const picked = (draft.items ?? [])
    .filter(({ slotId, kind }) => slotId === slot.slotId && offers(kind) === "picked")
    .map(({ kind, id, pin }) => {
      const candidates = [
        listed.find((row) => row.kind === kind && row.id === id),
        approvedOf(base, slot.slotId, kind, id),
      ];
      const seen = candidates.find((candidate) => candidate?.pin === pin);
      if (seen === undefined) throw new AppError("definition_changed", { detail: { what: id.slice(0, 256) } });
      return seen;
    });
  return [...whole, ...picked].map((row) => ({ slot, row }));
}

/** What was approved before, as the base version keeps it. */
function approvedOf(
  base: PersonaVersion | null,
  slotId: string,
  kind: ItemRow["kind"],
  id: string,
): Chosen["row"] | undefined {
  const ofSlot = <T extends { slotId: string }>(items: readonly T[] = []): T[] =>
    items.filter((item) => item.slotId === slotId);
  switch (kind) {
    case "resource":
      return ofSlot(base?.resources)
        .map(({ definition, pin }) => ({ kind, id: definition.uri, definition, pin }))
        .find((row) => row.id === id);
    case "template":
      return ofSlot(base?.templates)
        .map(({ definition, pin }) => ({ kind, id: definition.uriTemplate, definition, pin }))
        .find((row) => row.id === id);
    case "prompt":
      return ofSlot(base?.prompts)
        .map(({ definition, pin }) => ({ kind, id: definition.name, definition, pin }))
        .find((row) => row.id === id);
  }
}

async function namePrompts(chosen: readonly Chosen[], prefixing: boolean): Promise<PersonaPrompt[]> {
  const requests = chosen.map(({ slot: { slotId, prefix }, row: { id } }) => ({
    slotId,
    originalName: id,
    prefix: prefixing ? prefix : null,
  }));
  const named = await nameTools(requests);
  return chosen.flatMap(({ slot: { slotId }, row: { definition, pin } }, index) => {
    const exposedName = named[index]?.exposedName;
    if (exposedName === undefined) return [];
    return [{ slotId, exposedName, pin, definition: promptDefinitionSchema.parse(definition) }];
  });
}
