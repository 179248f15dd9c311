import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { AppRow, BindingRow, ConnectionRow, PersonaRow } from "../../db/rows.ts";
import { plainLine } from "../../lib/hidden-characters.ts";

/** What the person sees first about a persona: paused and waiting versions before sign-ins before all being well. */
export type PersonaStatus = "paused" | "review" | "needs_sign_in" | "not_bound" | "active";

/** A slot with the app and connection that serve it on this device. */
export type SlotView = {
  slotId: string;
  appUrl: string;
  name: string;
  prefix: string;
  tools: number;
  app: AppRow | null;
  connection: ConnectionRow | null;
  /** Connections of the app that could serve it. */
  candidates: ConnectionRow[];
};

export type PersonaSummary = {
  personaId: string;
  slug: string;
  /** Whether AI clients can sign in, besides or instead of using keys. */
  interactive: boolean;
  accessKeys: boolean;
  name: string;
  description: string;
  status: PersonaStatus;
  paused: boolean;
  tools: number;
  slots: SlotView[];
  lastUsedAt: number | null;
};

export type SlotTables = {
  apps: readonly AppRow[];
  connections: readonly ConnectionRow[];
  bindings: readonly BindingRow[];
};

export function summarisePersona(row: PersonaRow, tables: SlotTables): PersonaSummary {
  const slots = viewSlots(row, tables);
  return {
    personaId: row.personaId,
    slug: row.slug,
    interactive: row.accepted.inbound.interactive,
    accessKeys: row.accepted.inbound.accessKeys,
    name: row.accepted.name,
    description: row.accepted.description,
    status: statusOf(row, slots),
    paused: row.accepted.status === "paused",
    tools: row.accepted.tools.length,
    slots,
    lastUsedAt: row.lastUsedAt,
  };
}

export function viewSlots(row: PersonaRow, { apps, connections, bindings }: SlotTables): SlotView[] {
  return row.accepted.slots.map((slot) => {
    const app = apps.find((candidate) => candidate.url === slot.appUrl) ?? null;
    const bound = bindings.find((binding) => binding.personaId === row.personaId && binding.slotId === slot.slotId);
    return {
      slotId: slot.slotId,
      appUrl: slot.appUrl,
      name: plainLine(app?.name ?? slot.appName),
      prefix: slot.prefix,
      tools: row.accepted.tools.filter((tool) => tool.slotId === slot.slotId).length,
      app,
      connection: connections.find((connection) => connection.connectionId === bound?.connectionId) ?? null,
      candidates: connections.filter((connection) => connection.appId === app?.appId),
    };
  });
}

/** Personas whose name, description, address or app contains every word of the query. */
export function searchPersonas(personas: readonly PersonaSummary[], query: string): PersonaSummary[] {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [...personas];
  return personas.filter(({ name, description, slug, slots }) => {
    const text = [name, description, slug, ...slots.map((slot) => slot.name)].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Which of a persona's slots keep it from working, by the one thing to do next. */
export const needsSignIn = (status: AppStatus): boolean => status === "needs_sign_in" || status === "not_connected";

function statusOf(row: PersonaRow, slots: readonly SlotView[]): PersonaStatus {
  if (row.accepted.status === "paused") return "paused";
  if (row.offered !== null) return "review";
  if (slots.some((slot) => slot.connection === null)) return "not_bound";
  return slots.some((slot) => slot.connection !== null && needsSignIn(slot.connection.status))
    ? "needs_sign_in"
    : "active";
}
