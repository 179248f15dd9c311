import { i18n } from "#i18n";
import { relativeParts } from "./relative-parts.ts";
import { Tooltip } from "./tooltip.tsx";
import { useNow } from "./use-now.ts";

const REFRESH = 30_000;

/** "3 minutes ago", with the date and time in the tooltip. */
export function RelativeTime({ at, className }: { at: number; className?: string }) {
  const language = i18n.t("ui.language");
  const now = useNow(REFRESH);
  const { value, unit } = relativeParts(at, now);
  const absolute = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
  return (
    <Tooltip text={absolute}>
      <time dateTime={new Date(at).toISOString()} className={className}>
        {value === 0 && at - now <= REFRESH
          ? i18n.t("ui.justNow")
          : new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(value, unit)}
      </time>
    </Tooltip>
  );
}
