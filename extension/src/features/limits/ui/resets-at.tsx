import { i18n } from "#i18n";

/** When the counters of this month start again; months are those of UTC everywhere. */
export function ResetsAt({ at, className }: { at: number; className?: string }) {
  const day = new Intl.DateTimeFormat(i18n.t("ui.language"), { day: "numeric", month: "long", timeZone: "UTC" });
  return (
    <p className={className}>
      <time dateTime={new Date(at).toISOString()}>{i18n.t("limits.resets", { day: day.format(at) })}</time>
    </p>
  );
}
