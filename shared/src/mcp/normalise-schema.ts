import { jsonBytes } from "../primitives/json-bytes.ts";
import { nestedTooDeep } from "../primitives/nested-too-deep.ts";
import { isObject } from "./block-text.ts";
import type { ToolDefinition } from "../persona/tool-definition.ts";
import type { ClientFamily } from "./client-family.ts";
import type { Schema } from "./schema-keywords.ts";
import { schemaProfile, type SchemaProfile } from "./schema-profile.ts";
import { dropUnusedDefs, findRefs, ignoresSiblings, refsHold, resolveRef } from "./schema-refs.ts";
import { shrinkSchema } from "./schema-shrink.ts";
import { plainTop } from "./schema-top.ts";
import { walkSchema } from "./schema-walk.ts";

/** What is longer than this, no model reads; looking into it would only cost. Bytes of UTF-8 JSON. */
const MOST_BYTES = 256 * 1024;
const OPEN: Schema = { type: "object" };

/**
 * A tool's input schema as a family of clients can take it: every object that fitted before fits after, and as much is
 * said as the family lets be said. The same object when it can be taken as it is, and always for `lossless`.
 * Never throws, never changes its input; normalising twice is normalising once.
 */
export function normaliseSchema(schema: Schema, family: ClientFamily): Schema {
  const profile = schemaProfile(family);
  if (profile === null) return schema;
  if (nestedTooDeep(schema) || jsonBytes(schema) > MOST_BYTES) return OPEN;
  const fitted = fit(schema, profile, profile.maxDepth);
  if (profile.maxBytes === null || jsonBytes(fitted) <= profile.maxBytes) return fitted;
  return shrinkSchema(fitted, profile.maxBytes, (each, depth) => fit(each, profile, depth));
}

/** A tool's output schema; undefined when the family is better off with none. */
export function normaliseOutputSchema(schema: Schema, family: ClientFamily): Schema | undefined {
  const profile = schemaProfile(family);
  if (profile === null) return schema;
  if (nestedTooDeep(schema)) return undefined;
  if (
    profile.plainOutput &&
    (schema["type"] !== "object" || [...profile.topForbidden].some((name) => Object.hasOwn(schema, name)))
  ) {
    return undefined;
  }
  if (schema["$schema"] === undefined) return schema;
  const { $schema: _schema, ...rest } = schema;
  return rest;
}

/** A tool of `tools/list` as a family of clients can take it; the same object when nothing has to change. */
export function normaliseTool(tool: ToolDefinition, family: ClientFamily): ToolDefinition {
  const inputSchema = normaliseSchema(tool.inputSchema, family);
  const outputSchema = tool.outputSchema === undefined ? undefined : normaliseOutputSchema(tool.outputSchema, family);
  if (inputSchema === tool.inputSchema && outputSchema === tool.outputSchema) return tool;
  const { outputSchema: _outputSchema, ...rest } = tool;
  const next: ToolDefinition = { ...rest, inputSchema: { ...inputSchema, type: "object" } };
  return outputSchema === undefined ? next : { ...next, outputSchema };
}

function fit(schema: Schema, profile: SchemaProfile, maxDepth: number): Schema {
  const { refs, named } = findRefs(schema);
  const keep = !profile.inlineRefs && refsHold(schema);
  const ignoreSiblings = ignoresSiblings(schema);
  const resolve = (ref: string): unknown => (named ? undefined : resolveRef(schema, ref));
  const top = plainTop(schema, profile, { resolve, ignoreSiblings });
  const walk = (wider: boolean): Schema => {
    const context = { profile, resolve, keepRefs: keep, ignoreSiblings, wider, maxDepth, nodes: 0 };
    const walked = walkSchema(top, context);
    return isObject(walked) ? walked : OPEN;
  };
  const once = walk(false);
  // What references name has changed, so what is said by negation has to be looked at again.
  const walked = once !== top && keep && refs.size > 0 ? walk(true) : once;
  return dropUnusedDefs(walked);
}
