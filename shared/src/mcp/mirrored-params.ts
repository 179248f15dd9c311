import type { ToolDefinition } from "../persona/tool-definition.ts";

/** An argument that clients of 2026-07-28 repeat as the header `Mcp-Param-<header>`, for whoever routes by it. */
export type MirroredParam = { path: readonly string[]; header: string; type: "string" | "integer" | "boolean" };

type InputSchema = ToolDefinition["inputSchema"];

const KEY = "x-mcp-header";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u;
const MAX_PARAMS = 50;
const MAX_DEPTH = 10;

/**
 * What a schema asks to be repeated. Empty when it asks for nothing, and when it asks in a way that the protocol does
 * not allow: a client would leave out the whole tool for that, so the marks are taken away instead.
 */
export function mirroredParams(schema: InputSchema): readonly MirroredParam[] {
  const found: MirroredParam[] = [];
  collect(schema, [], found);
  const names = new Set(found.map(({ header }) => header.toLowerCase()));
  const readable = found.length <= MAX_PARAMS && names.size === found.length && countMarks(schema) === found.length;
  return readable ? found : [];
}

/** Whether every mark of a schema is one that the protocol allows; a client has to leave out a tool for any other. */
export function marksAreValid(schema: InputSchema): boolean {
  return countMarks(schema) === 0 || mirroredParams(schema).length > 0;
}

/** Through `properties` only: anywhere else it is not known which argument is meant. */
function collect(node: unknown, path: readonly string[], found: MirroredParam[]): void {
  if (!isObject(node) || path.length > MAX_DEPTH) return;
  const { [KEY]: header, type, properties } = node;
  const named = typeof header === "string" && TOKEN.test(header) && path.length > 0;
  if (named && (type === "string" || type === "integer" || type === "boolean")) found.push({ path, header, type });
  if (!isObject(properties)) return;
  for (const [name, member] of Object.entries(properties)) collect(member, [...path, name], found);
}

/** A property may have this name; what is below it is a schema, too, and no mark. */
function countMarks(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + countMarks(each), 0);
  if (!isObject(node)) return 0;
  const below = Object.values(node).reduce((sum: number, each) => sum + countMarks(each), 0);
  return below + (KEY in node && !isObject(node[KEY]) ? 1 : 0);
}

/** The schema without any mark, for clients that would not know what to do, or not be checked. */
export function withoutMirroring(schema: InputSchema): InputSchema {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== KEY)
        .map(([key, member]) => [key, strip(member)]),
    );
  };
  return { ...Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, strip(member)])), type: "object" };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
