import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { AppRow, BindingRow, ConnectionRow, PersonaRow, ToolRow } from "../../../db/rows.ts";
import { compareNames } from "../../../lib/compare-names.ts";

export type AppSummary = {
  app: AppRow;
  connections: ConnectionRow[];
  /** Of its connections the one that most needs the person; null without connections. */
  status: AppStatus | null;
  tools: number;
  personas: { personaId: string; name: string }[];
};

/** What a person must do something about comes first. */
const URGENCY: readonly AppStatus[] = [
  "needs_sign_in",
  "permission_missing",
  "unreachable",
  "locked",
  "expired",
  // A second account that was never connected does not speak for an app that works.
  "connected",
  "not_connected",
];

export function worstStatus(connections: readonly Pick<ConnectionRow, "status">[]): AppStatus | null {
  return URGENCY.find((status) => connections.some((connection) => connection.status === status)) ?? null;
}

type Rows = {
  apps: AppRow[];
  connections: ConnectionRow[];
  bindings: BindingRow[];
  personas: Pick<PersonaRow, "personaId" | "accepted">[];
  /** Tools at hand per connection. */
  toolCounts: ReadonlyMap<string, number>;
};

/** The list of apps by name, each with what its row shows. */
export function summariseApps({ apps, connections, bindings, personas, toolCounts }: Rows): AppSummary[] {
  const names = new Map(personas.map((persona) => [persona.personaId, persona.accepted.name]));
  const appOf = new Map(connections.map((connection) => [connection.connectionId, connection.appId]));
  const byApp = Map.groupBy(connections, (connection) => connection.appId);
  const bindingsByApp = Map.groupBy(bindings, (binding) => appOf.get(binding.connectionId));
  return apps
    .map((app) => {
      const own = byApp.get(app.appId) ?? [];
      const personaIds = new Set((bindingsByApp.get(app.appId) ?? []).map((binding) => binding.personaId));
      return {
        app,
        connections: own,
        status: worstStatus(own),
        tools: Math.max(0, ...own.map((connection) => toolCounts.get(connection.connectionId) ?? 0)),
        personas: [...personaIds]
          .flatMap((personaId) => {
            const name = names.get(personaId);
            return name === undefined ? [] : [{ personaId, name }];
          })
          .toSorted((left, right) => compareNames(left.name, right.name)),
      };
    })
    .toSorted((left, right) => left.app.name.localeCompare(right.app.name));
}

/** Every word must occur in name, title or description. */
export function matchesTool(tool: ToolRow, query: string): boolean {
  const text = `${tool.name} ${tool.definition.title ?? ""} ${tool.definition.description ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}
