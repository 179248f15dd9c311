import { AppError } from "@agent-personas/shared/errors/app-error";
import { toolDefinitionSchema, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { z } from "zod";
import type { Session } from "./open-session.ts";

export type ToolList = {
  tools: ToolDefinition[];
  /** Tools left out, each with the reason; the others are not affected. */
  skipped: { name: string; reason: string }[];
  /** The app had more pages or tools than are read. */
  truncated: boolean;
};

const MAX_PAGES = 100;
const MAX_TOOLS = 2_000;
/** Larger definitions would fill the model's context, and a page of them our memory. */
const MAX_DEFINITION_CHARACTERS = 256 * 1024;
const MAX_LIST_CHARACTERS = 8 * 1024 * 1024;

const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().nullish() });

/** Every page of an app's tools, as it defines them. @throws what the session throws; AppError `connect_not_mcp`. */
export async function listTools(session: Session, signal: AbortSignal): Promise<ToolList> {
  const list: ToolList = { tools: [], skipped: [], truncated: false };
  const names = new Set<string>();
  const cursors = new Set<string>();
  let size = 0;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await session.listTools(cursor, { signal });
    if (answer.kind === "error") {
      // A server without tools may not know the method at all.
      if (answer.error.code === -32_601 && page === 0) return list;
      throw notMcp("it answers its tool list with an error");
    }
    const parsed = pageSchema.safeParse(answer.result);
    if (!parsed.success) throw notMcp("its tool list cannot be read");
    for (const raw of parsed.data.tools) {
      size += JSON.stringify(raw).length;
      const full = list.tools.length + list.skipped.length >= MAX_TOOLS || size > MAX_LIST_CHARACTERS;
      if (full) return { ...list, truncated: true };
      addTool(list, names, raw);
    }
    const next = parsed.data.nextCursor ?? null;
    if (next === null) return list;
    // A cursor that comes again would never end.
    if (cursors.has(next)) return { ...list, truncated: true };
    cursors.add(next);
    cursor = next;
  }
  return { ...list, truncated: true };
}

function addTool(list: ToolList, names: Set<string>, raw: unknown): void {
  const parsed = toolDefinitionSchema.safeParse(raw);
  if (!parsed.success) {
    list.skipped.push({ name: nameOf(raw), reason: "its definition is malformed" });
    return;
  }
  const { name } = parsed.data;
  if (names.has(name)) list.skipped.push({ name, reason: "the name is listed twice" });
  else if (JSON.stringify(parsed.data).length > MAX_DEFINITION_CHARACTERS) {
    list.skipped.push({ name, reason: "its definition is too large" });
  } else {
    names.add(name);
    list.tools.push(parsed.data);
  }
}

function nameOf(raw: unknown): string {
  const named = z.looseObject({ name: z.string() }).safeParse(raw);
  return named.success ? named.data.name.slice(0, 256) : "";
}

const notMcp = (reason: string): AppError => new AppError("connect_not_mcp", { detail: { reason } });
