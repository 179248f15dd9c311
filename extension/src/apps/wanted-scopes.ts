import { computeScopeUnion } from "@modelcontextprotocol/client";
import type { Database } from "../db/database.ts";
import type { ConnectionRow } from "../db/rows.ts";

const MAX_SCOPES = 20;
/** RFC 6749 3.3, and no longer than anybody would name one. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/u;

/** Notes what the app refused a call for want of, so that the next sign-in asks for it. Never rejects. */
export async function noteWantedScopes(database: Database, connectionId: string, scope: string): Promise<void> {
  const wanted = scope.split(" ").filter((name) => SCOPE.test(name));
  if (wanted.length === 0) return;
  await database.connections
    .where({ connectionId })
    .modify((row) => {
      row.wantedScopes = [...new Set([...(row.wantedScopes ?? []), ...wanted])].slice(0, MAX_SCOPES);
    })
    .catch(() => undefined);
}

/** What to ask for: what the app asks of everybody, and, once it wanted more, that beside what was granted before. */
export function scopeToAsk(
  asked: string | null,
  { scopes, wantedScopes = [] }: Pick<ConnectionRow, "scopes" | "wantedScopes">,
): string | null {
  if (wantedScopes.length === 0) return asked;
  return computeScopeUnion(asked ?? "", scopes.join(" "), wantedScopes.join(" ")) ?? null;
}
