import { i18n } from "#i18n";

/** US cents as dollars; parts of a cent are shown where there are any. */
export const moneyText = (cents: number): string =>
  new Intl.NumberFormat(i18n.t("ui.language"), {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(cents / 100);

export const countText = (count: number): string => new Intl.NumberFormat(i18n.t("ui.language")).format(count);
