import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { AppRow, BindingRow, ConnectionRow, PersonaRow, TunnelState } from "../db/rows.ts";

export type PersonaState =
  | { kind: "ready" }
  | { kind: "paused" }
  | { kind: "offline" }
  /** Apps whose connection does not work now. */
  | { kind: "apps"; apps: string[] };

export type PopupPersona = {
  personaId: string;
  name: string;
  slug: string;
  /** Whether AI clients can sign in, besides or instead of using keys. */
  interactive: boolean;
  accessKeys: boolean;
  tools: number;
  active: boolean;
  state: PersonaState;
};

export type PopupApp = { appId: string; name: string; url: string; status: AppStatus };

type Rows = {
  tunnel: TunnelState;
  personas: readonly PersonaRow[];
  bindings: readonly BindingRow[];
  connections: readonly ConnectionRow[];
  apps: readonly AppRow[];
};

/** Personas by name, each with the one state that matters most. */
export function popupPersonas({ tunnel, personas, bindings, connections }: Rows): PopupPersona[] {
  const bound = new Map(
    bindings.map(({ personaId, slotId, connectionId }) => [`${personaId} ${slotId}`, connectionId]),
  );
  const statusOf = new Map(connections.map((connection) => [connection.connectionId, connection.status]));
  return personas
    .map(({ personaId, slug, accepted }) => {
      const broken = accepted.slots.filter((slot) => {
        const connectionId = bound.get(`${personaId} ${slot.slotId}`);
        const status = connectionId === undefined ? undefined : statusOf.get(connectionId);
        return status !== "connected" && status !== "expired";
      });
      const active = accepted.status === "active";
      const apps = [...new Set(broken.map((slot) => slot.appName))];
      return {
        personaId,
        name: accepted.name,
        slug,
        interactive: accepted.inbound.interactive,
        accessKeys: accepted.inbound.accessKeys,
        tools: accepted.tools.length,
        active,
        state: stateOf(active, tunnel, apps),
      };
    })
    .toSorted((left, right) => left.name.localeCompare(right.name));
}

function stateOf(active: boolean, tunnel: TunnelState, apps: string[]): PersonaState {
  if (!active) return { kind: "paused" };
  if (tunnel !== "online") return { kind: "offline" };
  return apps.length > 0 ? { kind: "apps", apps } : { kind: "ready" };
}

const ASKS_FOR_PERSON: ReadonlySet<AppStatus> = new Set(["needs_sign_in", "permission_missing"]);

/** Apps that wait for the person, each once. */
export function appsToSignIn({ apps, connections }: Pick<Rows, "apps" | "connections">): PopupApp[] {
  const waiting = new Map(
    connections.flatMap(({ appId, status }) => (ASKS_FOR_PERSON.has(status) ? [[appId, status] as const] : [])),
  );
  return apps
    .flatMap(({ appId, name, url }) => {
      const status = waiting.get(appId);
      return status === undefined ? [] : [{ appId, name, url, status }];
    })
    .toSorted((left, right) => left.name.localeCompare(right.name));
}
