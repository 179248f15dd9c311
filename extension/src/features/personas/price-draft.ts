import { priceSchema, type Price } from "@agent-personas/shared/persona/price";
import { z } from "zod";
import { readDecimal } from "../../lib/typed-number.ts";

/** A tool's price while it is typed, in US cents. All empty is no price of one's own. */
export const priceDraftSchema = z.strictObject({
  min: z.string().max(100),
  max: z.string().max(100),
  unit: z.string().max(500),
  note: z.string().max(1_000),
});
export type PriceDraft = z.infer<typeof priceDraftSchema>;
export type PriceProblem = "min" | "max" | "missing" | "order" | "unitLong" | "noteLong";

export const NO_PRICE_DRAFT: PriceDraft = { min: "", max: "", unit: "", note: "" };

/** What a price is for unless something else is typed. */
export const USUAL_UNIT = "call";

export const draftOfPrice = ({ minCents, maxCents, unit, note }: Price): PriceDraft => ({
  min: String(minCents),
  max: String(maxCents),
  unit,
  note,
});

export const isEmptyPrice = (draft: PriceDraft): boolean =>
  [draft.min, draft.max, draft.unit, draft.note].every((text) => text.trim() === "");

/** The price that was typed, null while there is none or it is wrong; one empty end is the same as the other. */
export function readPrice(draft: PriceDraft): { price: Price | null; problems: PriceProblem[] } {
  if (isEmptyPrice(draft)) return { price: null, problems: [] };
  const { min, max } = readEnds(draft);
  const unit = draft.unit.trim() || USUAL_UNIT;
  const note = draft.note.trim();
  const problems: PriceProblem[] = [];
  if (min === "wrong" || !isAmount(min)) problems.push("min");
  if (max === "wrong" || !isAmount(max)) problems.push("max");
  if (min === null) problems.push("missing");
  if (typeof min === "number" && typeof max === "number" && min > max) problems.push("order");
  if (!priceSchema.shape.unit.safeParse(unit).success) problems.push("unitLong");
  if (!priceSchema.shape.note.safeParse(note).success) problems.push("noteLong");
  const parsed = priceSchema.safeParse({ minCents: min, maxCents: max, unit, note });
  return { price: parsed.success ? parsed.data : null, problems };
}

function readEnds(draft: PriceDraft) {
  const min = readDecimal(draft.min, 4);
  const max = readDecimal(draft.max, 4);
  return { min: min ?? max, max: max ?? min };
}

const isAmount = (cents: number | null): boolean =>
  cents === null || priceSchema.shape.minCents.safeParse(cents).success;
