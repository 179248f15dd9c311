import { z } from "zod";

const propertySchema = z.looseObject({ type: z.string().optional(), enum: z.array(z.unknown()).optional() });
const objectSchema = z.looseObject({ properties: z.record(z.string(), propertySchema).optional() });

const SAMPLES: Record<string, unknown> = { string: "text", number: 2, integer: 2, boolean: true, array: [] };

/** Something for every argument of a tool; an object gets the schemas of all tools, for a tool that echoes one. */
export function sampleArguments(inputSchema: unknown, schemas: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = objectSchema.parse(inputSchema);
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      property.enum?.[0] ??
        (property.type === "object" ? Object.values(schemas)[0] : SAMPLES[property.type ?? "string"]),
    ]),
  );
}
