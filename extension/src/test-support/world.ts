import "fake-indexeddb/auto";
import { pinTool, type ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { createId } from "@agent-personas/shared/primitives/id";
import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { openDatabase, type Database } from "../db/database.ts";
import { appRow, connectionRow, personaRow, personaTool, personaVersion } from "./rows.ts";

export const NOTES_URL = "https://notes.example/mcp";

/** A device with one app, one connection, and one accepted persona of three tools. For tests. */
export type World = {
  db: Database;
  accepted: PersonaVersion;
  connectionId: string;
  /** What the app lists now; tests change it. */
  listed: Map<string, { definition: ToolDefinition; pin: string }>;
  /** The same of resources, templates and prompts, by kind and id. */
  items: Map<string, { pin: string }>;
  call: (changes?: Partial<Call>) => Call;
  accept: (changes: Partial<PersonaVersion>) => Promise<void>;
};

export async function createWorld(): Promise<World> {
  const db = openDatabase(`test-${createId("db")}`);
  const personaId = createId("persona");
  const slotId = createId("slot");
  const connectionId = "connection_1";
  const tools = await Promise.all([
    tool(slotId, "search", "read", { readOnlyHint: true }),
    tool(slotId, "create", "write", {}),
    tool(slotId, "erase", "destructive", { destructiveHint: true }),
  ]);
  const accepted = personaVersion({
    personaId,
    version: 3,
    name: "Helper",
    slots: [{ slotId, appUrl: NOTES_URL, appName: "Notes", prefix: "Notes" }],
    tools,
  });
  const accept = async (changes: Partial<PersonaVersion>): Promise<void> => {
    await db.personas.put(personaRow({ ...accepted, ...changes }));
  };
  await accept({});
  await db.apps.put(appRow({ appId: "app_1", url: NOTES_URL, name: "Notes", credential: "none" }));
  await db.connections.put(connectionRow({ connectionId, appId: "app_1", label: "Notes" }));
  await db.bindings.put({ personaId, slotId, connectionId });
  const listed = new Map(tools.map(({ originalName, definition, pin }) => [originalName, { definition, pin }]));
  const call = (changes: Partial<Call> = {}): Call => ({
    callId: createId("call"),
    attempt: 1,
    personaId,
    version: accepted.version,
    slotId,
    method: "tools/call",
    params: { name: "search", arguments: {} },
    principal: { kind: "key", id: "key_1", client: "test", scopes: ["read", "write", "destructive"], tools: null },
    capabilities: {},
    logLevel: null,
    forwardedHeaders: {},
    session: null,
    deadline: 45_000,
    traceparent: null,
    ...changes,
  });
  return { db, accepted, connectionId, listed, items: new Map(), call, accept };
}

async function tool(
  slotId: string,
  name: string,
  riskClass: PersonaTool["riskClass"],
  annotations: NonNullable<ToolDefinition["annotations"]>,
): Promise<PersonaTool> {
  const definition: ToolDefinition = { name, inputSchema: { type: "object" }, annotations };
  const pin = await pinTool(definition);
  return personaTool(slotId, name, { exposedName: `Notes_${name}`, riskClass, pin, definition });
}
