import type { ElicitInputParams } from "@modelcontextprotocol/server";

/** JSON Schemas that the tools ask people with. */
type Asked = ElicitInputParams["requestedSchema"];

export const USER_SCHEMA: Asked = {
  type: "object",
  properties: {
    username: { type: "string", description: "User's response" },
    email: { type: "string", description: "User's email address" },
  },
  required: ["username", "email"],
};

/** A default for each primitive type. */
export const DEFAULTS_SCHEMA: Asked = {
  type: "object",
  properties: {
    name: { type: "string", description: "Name", default: "John Doe" },
    age: { type: "integer", description: "Age", default: 30 },
    score: { type: "number", description: "Score", default: 95.5 },
    status: { type: "string", description: "Status", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", description: "Verified", default: true },
  },
  required: [],
};

const titled = (ordinals: readonly string[], what: string) =>
  ordinals.map((ordinal, index) => ({ const: `value${index + 1}`, title: `${ordinal} ${what}` }));

const OPTIONS = ["option1", "option2", "option3"];
const ORDINALS = ["First", "Second", "Third"];

/** Each way of offering a choice, the deprecated one included. */
export const ENUMS_SCHEMA: Asked = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: OPTIONS },
    titledSingle: { type: "string", oneOf: titled(ORDINALS, "Option") },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: OPTIONS } },
    titledMulti: { type: "array", items: { anyOf: titled(ORDINALS, "Choice") } },
  },
  required: [],
};
