import { CLIENT_LIMITS } from "@agent-personas/shared/mcp/client-limits";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";

/** How large a tool is as an AI client receives it; its name is counted apart, since prefixes change. */
export type ToolSize = { characters: number; schemaBytes: number };
export type MeteredTool = { exposedName: string; size: ToolSize };

/** The clients that a persona of this many tools, or a schema of this size, does not work well with. */
export type MeterWarning =
  | { kind: "count"; limit: number; clients: readonly string[] }
  | { kind: "schema"; exposedName: string; bytes: number; clients: readonly string[] };

export type Meter = { count: number; tokens: number; warnings: MeterWarning[] };

/** More tools than `limit` is too many; the first is about the model's attention, the others are hard caps. */
export const COUNT_LIMITS: readonly { limit: number; clients: readonly string[] }[] = [
  { limit: 15, clients: [] },
  { limit: 40, clients: ["Cursor (older)"] },
  ...CLIENT_LIMITS.map(({ tools, names }) => ({ limit: tools, clients: names })),
];
export const SCHEMA_BYTES = 16_384;
const SCHEMA_CLIENTS = ["Claude.ai", "Claude Desktop"];
const CHARACTERS_PER_TOKEN = 4;

/** Counts what a client is sent: name, description and input schema of each tool, four characters a token. */
export function measureTools(tools: readonly MeteredTool[]): Meter {
  let characters = 0;
  const schemas: MeterWarning[] = [];
  for (const { exposedName, size } of tools) {
    characters += exposedName.length + size.characters;
    if (size.schemaBytes > SCHEMA_BYTES) {
      schemas.push({ kind: "schema", exposedName, bytes: size.schemaBytes, clients: SCHEMA_CLIENTS });
    }
  }
  const counts = COUNT_LIMITS.filter(({ limit }) => tools.length > limit).map(({ limit, clients }): MeterWarning => ({
    kind: "count",
    limit,
    clients,
  }));
  return {
    count: tools.length,
    tokens: Math.ceil(characters / CHARACTERS_PER_TOKEN),
    warnings: [...counts, ...schemas],
  };
}

/** Measured once for each listed tool, because a schema has to be written out for it. */
export function sizeOfTool({ description, inputSchema }: ToolDefinition): ToolSize {
  const schema = JSON.stringify(inputSchema);
  // A text of n characters has at most 3 n bytes, so most need no encoding.
  const schemaBytes = schema.length * 3 <= SCHEMA_BYTES ? schema.length : new TextEncoder().encode(schema).length;
  return { characters: (description?.length ?? 0) + schema.length, schemaBytes };
}
