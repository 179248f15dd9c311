import { i18n } from "#i18n";

export const Brand = () => (
  <span className="flex items-center gap-2 text-base font-semibold tracking-tight">
    <img src="/icon/48.png" alt="" className="size-6" />
    {i18n.t("ui.productName")}
  </span>
);
