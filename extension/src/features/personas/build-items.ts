import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import { AppError } from "@agent-personas/shared/errors/app-error";
import {
  promptDefinitionSchema,
  resourceDefinitionSchema,
  templateDefinitionSchema,
  type PersonaPrompt,
  type PersonaResource,
  type PersonaTemplate,
} from "@agent-personas/shared/persona/persona-item";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { nameTools } from "@agent-personas/shared/persona/tool-name";
import type { Database } from "../../db/database.ts";
import type { PersonaDraft } from "../../messages/persona-draft.ts";
import { approvedItems, type ItemDefinition } from "./approved-items.ts";
import { itemKey } from "./offer-draft.ts";

type NamedSlot = { slotId: string; prefix: string };
type ItemSlot = NamedSlot & Pick<PersonaDraft["slots"][number], "connectionId" | "resources" | "prompts">;
type Chosen = { slot: NamedSlot; row: ItemDefinition };
export type ChosenItems = Pick<PersonaVersion, "resources" | "templates" | "prompts">;

/**
 * The resources, templates and prompts of a version: all that an app lists now, or what was picked. One approved before
 * keeps what was approved, unless the person saw another definition. Two apps with the same address are told apart by
 * the prefix of the later one.
 * @throws AppError `definition_changed` when an app defines one in another way than the person saw
 */
export async function buildItems(
  db: Pick<Database, "items">,
  draft: Pick<PersonaDraft, "items" | "prefixing" | "recipes"> & { slots: readonly ItemSlot[] },
  base: PersonaVersion | null,
): Promise<ChosenItems> {
  const chosen = (await Promise.all(draft.slots.map((slot) => chooseOf(db, draft.items ?? [], base, slot)))).flat();
  const of = (kind: ItemDefinition["kind"]): Chosen[] => chosen.filter(({ row }) => row.kind === kind);
  const expose = uniqueAddresses();
  const resources = of("resource").map(({ slot, row: { id, definition, pin } }): PersonaResource => ({
    slotId: slot.slotId,
    exposedUri: expose(id, slot.prefix),
    pin,
    definition: resourceDefinitionSchema.parse(definition),
  }));
  const templates = of("template").map(({ slot, row: { id, definition, pin } }): PersonaTemplate => ({
    slotId: slot.slotId,
    exposedTemplate: expose(id, slot.prefix),
    pin,
    definition: templateDefinitionSchema.parse(definition),
  }));
  const recipes = (draft.recipes ?? base?.recipes ?? []).map(({ name }) => name);
  const prompts = await namePrompts(of("prompt"), draft.prefixing, recipes);
  return {
    ...(resources.length > 0 && { resources }),
    ...(templates.length > 0 && { templates }),
    ...(prompts.length > 0 && { prompts }),
  };
}

function uniqueAddresses(): (uri: string, prefix: string) => string {
  const taken = new Set(BUILT_IN_URIS);
  return (uri, prefix) => {
    let exposed = taken.has(uri) ? `${prefix}+${uri}` : uri;
    // Bounded by the number of slots: without prefixes in names several may have the same one.
    for (let number = 2; taken.has(exposed); number += 1) exposed = `${prefix}-${number}+${uri}`;
    taken.add(exposed);
    return exposed;
  };
}

async function chooseOf(
  db: Pick<Database, "items">,
  picked: NonNullable<PersonaDraft["items"]>,
  base: PersonaVersion | null,
  slot: ItemSlot,
): Promise<Chosen[]> {
  const { slotId, connectionId } = slot;
  const rows = (await db.items.where({ connectionId }).toArray()).filter(({ present }) => present);
  const listed = new Map(rows.map((row) => [itemKey({ ...row, slotId }), row]));
  const approved = new Map(approvedItems(base, slotId).map((row) => [itemKey(row), row]));
  const ofSlot = picked.filter((item) => item.slotId === slotId);
  const pins = new Map(ofSlot.map((item) => [itemKey(item), item.pin]));
  const offer = (kind: ItemDefinition["kind"]) => (kind === "prompt" ? slot.prompts : slot.resources) ?? "none";
  const wanted = [
    ...[...listed].filter(([, { kind }]) => offer(kind) === "all").map(([key]) => key),
    ...ofSlot.filter(({ kind }) => offer(kind) === "picked").map(itemKey),
  ];
  return [...new Set(wanted)].flatMap((key) => {
    const row = seenDefinition(pins.get(key), approved.get(key), listed.get(key));
    return row === undefined ? [] : [{ slot, row }];
  });
}

/** What the person saw counts; without that what was approved. One that is nowhere any more is left out. */
function seenDefinition(
  pin: string | undefined,
  approved: ItemDefinition | undefined,
  listed: ItemDefinition | undefined,
): ItemDefinition | undefined {
  if (pin === undefined) return listed?.pin === approved?.pin ? listed : (approved ?? listed);
  const seen = [listed, approved].find((candidate) => candidate?.pin === pin);
  const other = listed ?? approved;
  if (seen === undefined && other !== undefined) {
    throw new AppError("definition_changed", { detail: { what: other.id.slice(0, 256) } });
  }
  return seen;
}

async function namePrompts(
  chosen: readonly Chosen[],
  prefixing: boolean,
  recipes: readonly string[],
): Promise<PersonaPrompt[]> {
  const requests = chosen.map(({ slot: { slotId, prefix }, row: { id } }) => ({
    slotId,
    originalName: id,
    prefix: prefixing ? prefix : null,
  }));
  const named = await nameTools(requests, recipes);
  return chosen.flatMap(({ slot: { slotId }, row: { definition, pin } }, index) => {
    const exposedName = named[index]?.exposedName;
    if (exposedName === undefined) return [];
    return [{ slotId, exposedName, pin, definition: promptDefinitionSchema.parse(definition) }];
  });
}
