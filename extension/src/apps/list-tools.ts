import { toolDefinitionSchema, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { marksAreValid } from "@agent-personas/shared/mcp/mirrored-params";
import { canonicalJson } from "@agent-personas/shared/primitives/canonical-json";
import { z } from "zod";
import type { LeftOut } from "../db/rows.ts";
import { listPages } from "./list-pages.ts";
import type { Session } from "./open-session.ts";

export type ToolList = {
  tools: ToolDefinition[];
  /** Tools left out, each with the reason; the others are not affected. */
  skipped: LeftOut["tools"];
  /** The app had more pages or tools than are read. */
  truncated: boolean;
};

const MAX_TOOLS = 2_000;
/** Larger definitions would fill the model's context, and a page of them our memory. */
const MAX_DEFINITION_CHARACTERS = 256 * 1024;

/** Every page of an app's tools, as it defines them. @throws what the session throws; AppError `connect_not_mcp`. */
export async function listTools(session: Pick<Session, "request" | "modern">, signal: AbortSignal): Promise<ToolList> {
  const { entries, truncated } = await listPages(session, ["tools/list", "tools"], { signal, entries: MAX_TOOLS });
  const list: ToolList = { tools: [], skipped: [], truncated };
  const names = new Set<string>();
  for (const raw of entries) addTool(list, names, raw, session.modern);
  return list;
}

function addTool(list: ToolList, names: Set<string>, raw: unknown, modern: boolean): void {
  const parsed = toolDefinitionSchema.safeParse(raw);
  const text = parsed.success ? canonicalOf(parsed.data) : null;
  if (!parsed.success || text === null) {
    list.skipped.push({ name: nameOf(raw), reason: "malformed" });
    return;
  }
  const { name } = parsed.data;
  if (names.has(name)) list.skipped.push({ name, reason: "listed_twice" });
  else if (text.length > MAX_DEFINITION_CHARACTERS) {
    list.skipped.push({ name, reason: "too_large" });
  } else if (modern && !marksAreValid(parsed.data.inputSchema)) {
    list.skipped.push({ name, reason: "invalid_header" });
  } else {
    names.add(name);
    list.tools.push(parsed.data);
  }
}

/** Null for what has no canonical form, and so no pin: text with half a character. */
function canonicalOf(definition: ToolDefinition): string | null {
  try {
    return canonicalJson(definition);
  } catch {
    return null;
  }
}

function nameOf(raw: unknown): string {
  const named = z.looseObject({ name: z.string() }).safeParse(raw);
  return named.success ? named.data.name.slice(0, 256) : "";
}
