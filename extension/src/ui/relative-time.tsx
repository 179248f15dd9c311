import { useEffect, useState } from "react";
import { relativeParts } from "./relative-parts.ts";
import { Tooltip } from "./tooltip.tsx";

const REFRESH = 30_000;

/** "3 minutes ago", with the date and time in the tooltip. */
export function RelativeTime({ at, className }: { at: number; className?: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH);
    return () => clearInterval(timer);
  }, []);
  const { value, unit } = relativeParts(at, now);
  const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(at);
  return (
    <Tooltip text={absolute}>
      <time dateTime={new Date(at).toISOString()} className={className}>
        {new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(value, unit)}
      </time>
    </Tooltip>
  );
}
