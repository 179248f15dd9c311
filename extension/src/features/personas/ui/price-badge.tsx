import type { Price } from "@agent-personas/shared/persona/price";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Tooltip } from "../../../ui/tooltip.tsx";

/** What a call costs; the note is in the tooltip. Nothing where there is no price. */
export function PriceBadge({ price }: { price: Price | null }) {
  if (price === null) return null;
  const note = plainLine(price.note);
  const badge = (
    <Badge className="tabular-nums" {...(note !== "" && { tabIndex: 0 })}>
      {priceText(price)}
    </Badge>
  );
  return note === "" ? badge : <Tooltip text={note}>{badge}</Tooltip>;
}

export function priceText({ minCents, maxCents, unit }: Price): string {
  if (maxCents === 0) return i18n.t("price.free");
  const cents = new Intl.NumberFormat(i18n.t("ui.language"), { maximumFractionDigits: 4 });
  const range = minCents === maxCents ? cents.format(maxCents) : cents.formatRange(minCents, maxCents);
  return i18n.t("price.perUnit", { range, unit: plainLine(unit) });
}
