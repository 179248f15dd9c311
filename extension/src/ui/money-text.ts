import { i18n } from "#i18n";

/** US cents as dollars; parts of a cent only where there is nothing more. */
export const moneyText = (cents: number): string =>
  new Intl.NumberFormat(i18n.t("ui.language"), {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: cents < 1 ? 4 : 2,
  }).format(cents / 100);

export const countText = (count: number): string => new Intl.NumberFormat(i18n.t("ui.language")).format(count);
