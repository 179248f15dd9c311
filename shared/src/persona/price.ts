import { z } from "zod";
import type { ToolDefinition } from "./tool-definition.ts";

/** Where an app states a tool's price in the tool's `_meta`; what the owner sets counts instead. */
export const PRICE_META_KEY = "agent-personas/price";

/** What a call costs, in US cents: between `minCents` and `maxCents` per `unit`. Budgets count the upper end. */
export const priceSchema = z
  .strictObject({
    minCents: z.number().min(0).max(1_000_000),
    maxCents: z.number().min(0).max(1_000_000),
    /** What one price buys, such as `call` or `page`. */
    unit: z.string().trim().min(1).max(40),
    note: z.string().trim().max(200),
  })
  .refine(({ minCents, maxCents }) => minCents <= maxCents, "The lower end of a price is above its upper end.");
export type Price = z.infer<typeof priceSchema>;

/** What the app itself says that a call of this tool costs; null where it says nothing that can be read. */
export function statedPrice(definition: ToolDefinition): Price | null {
  const parsed = statedSchema.safeParse(definition);
  return parsed.success ? parsed.data._meta[PRICE_META_KEY] : null;
}

/** The owner's price, else the one that the app states. */
export const priceOf = (tool: { price?: Price | undefined; definition: ToolDefinition }): Price | null =>
  tool.price ?? statedPrice(tool.definition);

const statedSchema = z.looseObject({ _meta: z.looseObject({ [PRICE_META_KEY]: priceSchema }) });
