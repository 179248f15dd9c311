import {
  pinPrompt,
  pinResource,
  promptDefinitionSchema,
  resourceDefinitionSchema,
  templateDefinitionSchema,
} from "@agent-personas/shared/persona/persona-item";
import type { z } from "zod";
import type { ItemRow } from "../db/rows.ts";
import { listPages } from "./list-pages.ts";
import type { Session } from "./open-session.ts";

const MAX_ITEMS = 2_000;
/** As for tools: larger ones would fill the model's context. */
const MAX_DEFINITION_CHARACTERS = 64 * 1024;

type Item = Omit<ItemRow, "connectionId" | "present">;

export type ItemList = {
  items: Item[];
  /** Kinds of which the app had more than is read: what is missing may still be there. */
  truncated: ItemRow["kind"][];
};

/**
 * An app's resources, templates and prompts, as it defines them; malformed, oversized and repeated ones are left out
 * without harm to the others.
 * @throws what the session throws; AppError `connect_not_mcp`
 */
export async function listItems(session: Pick<Session, "request">, signal: AbortSignal): Promise<ItemList> {
  const list: ItemList = { items: [], truncated: [] };
  const add = async (
    kind: Item["kind"],
    name: Parameters<typeof listPages>[1],
    read: (raw: unknown) => Promise<Item | null>,
  ) => {
    const { entries, truncated } = await listPages(session, name, { signal, entries: MAX_ITEMS });
    if (truncated) list.truncated.push(kind);
    const known = new Set<string>();
    for (const raw of entries) {
      const item = JSON.stringify(raw).length > MAX_DEFINITION_CHARACTERS ? null : await read(raw).catch(() => null);
      if (item === null || known.has(item.id)) continue;
      known.add(item.id);
      list.items.push(item);
    }
  };
  await add("resource", ["resources/list", "resources"], async (raw) => {
    const definition = readAs(resourceDefinitionSchema, raw);
    return definition && { kind: "resource", id: definition.uri, definition, pin: await pinResource(definition) };
  });
  await add("template", ["resources/templates/list", "resourceTemplates"], async (raw) => {
    const definition = readAs(templateDefinitionSchema, raw);
    return (
      definition && { kind: "template", id: definition.uriTemplate, definition, pin: await pinResource(definition) }
    );
  });
  await add("prompt", ["prompts/list", "prompts"], async (raw) => {
    const definition = readAs(promptDefinitionSchema, raw);
    return definition && { kind: "prompt", id: definition.name, definition, pin: await pinPrompt(definition) };
  });
  return list;
}

function readAs<T>(schema: z.ZodType<T>, raw: unknown): T | null {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}
