import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import type { AppRow, ConnectionRow, ItemRow, PersonaRow, ToolRow } from "../db/rows.ts";

/** Rows for tests; each test changes what it is about. */

export const appRow = (changes: Partial<AppRow> = {}): AppRow => ({
  appId: "app_gitlab",
  url: "https://gitlab.example/mcp",
  name: "GitLab",
  credential: "oauth",
  server: null,
  protocol: "2025-11-25",
  addedAt: 1,
  ...changes,
});

export const connectionRow = (changes: Partial<ConnectionRow> = {}): ConnectionRow => ({
  connectionId: "connection_work",
  appId: "app_gitlab",
  label: "Work",
  status: "connected",
  problem: null,
  statusAt: 1,
  issuer: null,
  scopes: [],
  expiresAt: null,
  headerNames: [],
  missingOrigins: [],
  toolsListedAt: 1,
  createdAt: 1,
  ...changes,
});

export const toolRow = (name: string, changes: Partial<ToolRow> = {}): ToolRow => ({
  connectionId: "connection_work",
  name,
  definition: { name, inputSchema: { type: "object" } },
  pin: "a".repeat(64),
  riskClass: "read",
  riskDeclared: true,
  present: true,
  ...changes,
});

export const itemRow = (kind: ItemRow["kind"], id: string, changes: Partial<ItemRow> = {}): ItemRow => ({
  connectionId: "connection_work",
  kind,
  id,
  definition:
    kind === "template"
      ? { uriTemplate: id, name: id }
      : kind === "resource"
        ? { uri: id, name: id }
        : { name: id, description: `Prompt ${id}` },
  pin: "c".repeat(64),
  present: true,
  ...changes,
});

export const personaTool = (slotId: string, name: string, changes: Partial<PersonaTool> = {}): PersonaTool => ({
  slotId,
  originalName: name,
  exposedName: `GitLab_${name}`,
  riskClass: "read",
  overrides: {},
  pin: "a".repeat(64),
  definition: { name, inputSchema: { type: "object" } },
  ...changes,
});

export const personaVersion = (changes: Partial<PersonaVersion> = {}): PersonaVersion => ({
  format: 1,
  personaId: createId("persona"),
  version: 1,
  deviceId: createId("device"),
  savedAt: 1,
  name: "Release bot",
  description: "",
  audience: "me",
  status: "active",
  inbound: { accessKeys: true, interactive: false },
  prefixing: true,
  policies: { read: "allow", write: "allow", destructive: "never" },
  slots: [],
  tools: [],
  ...changes,
});

export const personaRow = (accepted: PersonaVersion, changes: Partial<PersonaRow> = {}): PersonaRow => ({
  personaId: accepted.personaId,
  slug: "release-bot-abc234",
  accepted,
  signed: "signed",
  offered: null,
  createdAt: 1,
  updatedAt: 1,
  lastUsedAt: null,
  ...changes,
});
