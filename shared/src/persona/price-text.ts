import type { Price } from "./price.ts";

/** A price as a tool's description states it. */
export function priceText({ minCents, maxCents, unit, note }: Price): string {
  const range = minCents === maxCents ? `${maxCents}` : `${minCents} to ${maxCents}`;
  const cents = maxCents === 1 && minCents === 1 ? "cent" : "cents";
  return `Price: ${range} US ${cents} per ${unit}.${note === "" ? "" : ` ${note}`}`;
}
