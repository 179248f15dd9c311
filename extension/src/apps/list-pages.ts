import { AppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import type { Session } from "./open-session.ts";

const MAX_PAGES = 100;
const MAX_LIST_CHARACTERS = 8 * 1024 * 1024;

/** A list of MCP: its method and the member of the result that holds the entries. */
export type ListName =
  | ["tools/list", "tools"]
  | ["resources/list", "resources"]
  | ["resources/templates/list", "resourceTemplates"]
  | ["prompts/list", "prompts"];

/**
 * Every page of one of an app's lists, entry by entry as the app wrote them; `truncated` when there was more than is
 * read. An app that does not know the method has nothing to list.
 * @throws what the session throws; AppError `connect_not_mcp`
 */
export async function listPages(
  session: Pick<Session, "request">,
  [method, member]: ListName,
  options: { signal: AbortSignal; entries: number },
): Promise<{ entries: unknown[]; truncated: boolean }> {
  const entries: unknown[] = [];
  const cursors = new Set<string>();
  const pageSchema = z.looseObject({ [member]: z.array(z.unknown()), nextCursor: z.string().nullish() });
  let size = 0;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await session.request(method, cursor === null ? {} : { cursor }, { signal: options.signal });
    if (answer.kind === "error") {
      if (answer.error.code === -32_601 && page === 0) return { entries, truncated: false };
      throw notMcp(`it answers ${method} with an error`);
    }
    const parsed = pageSchema.safeParse(answer.result);
    const listed = z.array(z.unknown()).safeParse(parsed.data?.[member]);
    if (!parsed.success || !listed.success) throw notMcp(`its answer to ${method} cannot be read`);
    for (const entry of listed.data) {
      size += JSON.stringify(entry).length;
      if (entries.length >= options.entries || size > MAX_LIST_CHARACTERS) return { entries, truncated: true };
      entries.push(entry);
    }
    const next = z.string().safeParse(parsed.data["nextCursor"]);
    if (!next.success) return { entries, truncated: false };
    // A cursor that comes again would never end.
    if (cursors.has(next.data)) return { entries, truncated: true };
    cursors.add(next.data);
    cursor = next.data;
  }
  return { entries, truncated: true };
}

const notMcp = (reason: string): AppError => new AppError("connect_not_mcp", { detail: { reason } });
