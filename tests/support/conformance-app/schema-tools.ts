import { fromJsonSchema } from "@modelcontextprotocol/server";
import { text, type Register } from "./fixture.ts";

/** What a proxy may not lose: definitions, references, composition, conditions. */
const FULL_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // oxlint-disable-next-line unicorn/no-thenable -- A keyword of JSON Schema.
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

const HEADER_SCHEMA = {
  type: "object",
  properties: {
    region: { type: "string", description: "Where to look.", "x-mcp-header": "Region" },
    query: { type: "string", description: "What to look for." },
  },
  required: ["region"],
};

/** Tools that are about their schema. */
export const registerSchemaTools: Register = (server) => {
  const annotations = { readOnlyHint: true };
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Tool with JSON Schema 2020-12 features", inputSchema: fromJsonSchema(FULL_SCHEMA), annotations },
    (given) => text(JSON.stringify(given)),
  );
  server.registerTool(
    "test_x_mcp_header",
    {
      description: "Has an argument that travels as a header too.",
      inputSchema: fromJsonSchema(HEADER_SCHEMA),
      annotations,
    },
    (given) => text(JSON.stringify(given)),
  );
};
