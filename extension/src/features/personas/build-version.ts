import { AppError } from "@agent-personas/shared/errors/app-error";
import {
  personaVersionSchema,
  type PersonaTool,
  type PersonaVersion,
  type Slot,
} from "@agent-personas/shared/persona/persona-version";
import type { Database } from "../../db/database.ts";
import type { DraftSlot, DraftTool, PersonaDraft } from "../../messages/persona-draft.ts";
import { buildItems } from "./build-items.ts";
import { nameDraft } from "./name-draft.ts";
import { favouriteNames, renameTools } from "./rename-tools.ts";

/**
 * The version that a draft becomes. Definitions and pins of newly chosen tools are what their app listed last;
 * a tool chosen before keeps what was approved, so that saving an edit approves no change by the way.
 * @throws AppError when there is no way in, an app, connection or tool is gone, or names collide without prefixes.
 */
export async function buildVersion(
  db: Database,
  draft: PersonaDraft,
  base: PersonaVersion | null,
  author: { personaId: string; deviceId: string; now: number },
): Promise<PersonaVersion> {
  const { accessKeys, interactive, passthrough } = draft.inbound;
  if (!accessKeys && !interactive && passthrough === undefined) {
    throw invalid("choose at least one way in: Interactive Login, access keys or passthrough");
  }
  if (passthrough !== undefined && !draft.slots.some((slot) => slot.usesForwardedHeaders === true)) {
    throw invalid("choose at least one app for passthrough callers");
  }
  const slots = await Promise.all(draft.slots.map((slot) => buildSlot(db, slot)));
  const { tools: named, collisions } = await nameDraft(draft, base);
  if (collisions.length > 0) {
    throw invalid(`without prefixes these names would stand for several tools: ${collisions.join(", ")}`);
  }
  const connections = new Map(draft.slots.map((slot) => [slot.slotId, slot.connectionId]));
  const tools = await Promise.all(
    draft.tools.map((tool, index) =>
      buildTool(db, tool, { base, connectionId: connections.get(tool.slotId), exposedName: named[index]?.exposedName }),
    ),
  );
  const items = await buildItems(db, draft, base);
  const recipes = renameTools(draft.recipes ?? base?.recipes ?? [], base?.tools ?? [], tools);
  const parsed = personaVersionSchema.safeParse({
    format: 1,
    personaId: author.personaId,
    version: (base?.version ?? 0) + 1,
    deviceId: author.deviceId,
    savedAt: author.now,
    name: draft.name,
    description: draft.description,
    audience: "me",
    status: base?.status ?? "active",
    inbound: draft.inbound,
    prefixing: draft.prefixing,
    policies: draft.policies,
    slots,
    tools,
    ...items,
    ...(recipes.length > 0 && { recipes }),
    ...(draft.search !== undefined && { search: { favourites: favouriteNames(draft.search.favourites, tools) } }),
    ...(draft.lossless === true && { lossless: true }),
  });
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? "the persona is not complete");
  return parsed.data;
}

async function buildSlot(db: Database, slot: DraftSlot): Promise<Slot> {
  const app = await db.apps.get(slot.appId);
  if (app === undefined) throw new AppError("app_not_found");
  const connection = await db.connections.get(slot.connectionId);
  if (connection?.appId !== slot.appId) throw new AppError("app_not_bound", { detail: { app: app.name } });
  const { slotId, prefix, usesForwardedHeaders, resources, prompts } = slot;
  return {
    slotId,
    appUrl: app.url,
    appName: app.name,
    prefix,
    ...(usesForwardedHeaders === true && { usesForwardedHeaders }),
    ...(resources !== undefined && resources !== "none" && { resources }),
    ...(prompts !== undefined && prompts !== "none" && { prompts }),
  };
}

async function buildTool(
  db: Database,
  tool: DraftTool,
  context: { base: PersonaVersion | null; connectionId: string | undefined; exposedName: string | undefined },
): Promise<PersonaTool> {
  const { slotId, originalName, riskClass, policy, price, overrides } = tool;
  const approved = context.base?.tools.find((each) => each.slotId === slotId && each.originalName === originalName);
  const listed =
    context.connectionId === undefined ? undefined : await db.tools.get([context.connectionId, originalName]);
  const source = approvedSource(tool, approved, listed?.present === true ? listed : undefined);
  if (source === undefined || context.exposedName === undefined) {
    throw new AppError("tool_not_in_persona", { detail: { tool: originalName } });
  }
  return {
    slotId,
    originalName,
    exposedName: context.exposedName,
    riskClass,
    ...(policy === undefined ? {} : { policy }),
    ...(price === undefined ? {} : { price }),
    overrides,
    pin: source.pin,
    definition: source.definition,
  };
}

type Source = Pick<PersonaTool, "pin" | "definition">;

/** What the person saw counts: the app's list if it is that, what was approved before if it is that, nothing else. */
function approvedSource(tool: DraftTool, approved: Source | undefined, listed: Source | undefined): Source | undefined {
  if (tool.pin === undefined) return approved ?? listed;
  const seen = [listed, approved].find((source) => source?.pin === tool.pin);
  if (seen === undefined && (listed ?? approved) !== undefined) {
    throw new AppError("tool_changed", { detail: { tool: tool.originalName } });
  }
  return seen;
}

const invalid = (problem: string): AppError => new AppError("invalid_request", { detail: { problem } });
