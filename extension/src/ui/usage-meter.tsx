import { i18n } from "#i18n";
import type { UsageLevel, UsageLine } from "../lib/usage-line.ts";
import { Badge } from "./badge.tsx";
import { cn } from "./cn.ts";

const BARS: Record<UsageLevel, string> = { fine: "bg-accent", near: "bg-warning", over: "bg-danger" };

type UsageMeterProps = {
  label: string;
  line: UsageLine;
  /** How a number of this kind is written. */
  format: (value: number) => string;
  className?: string;
};

/** What a month has used of a limit, in words and as a bar; the words alone say all. */
export function UsageMeter({ label, line, format, className }: UsageMeterProps) {
  const { used, limit, share, level, byRelay } = line;
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="text-sm text-muted">{label}</span>
        <LevelBadge level={level} />
      </div>
      <p className="text-base tabular-nums">
        {limit === null
          ? i18n.t("usage.unlimited", { used: format(used) })
          : i18n.t("usage.used", { used: format(used), limit: format(limit) })}
        {byRelay && <span className="text-muted"> {i18n.t("usage.byRelay")}</span>}
      </p>
      {share !== null && (
        <span aria-hidden className="relative h-1.5 w-full overflow-hidden rounded-full bg-hover">
          <span
            className={cn("absolute inset-y-0 start-0 rounded-full", BARS[level])}
            style={{ width: `${Math.round(share * 100)}%` }}
          />
        </span>
      )}
    </div>
  );
}

/** Nothing while all is well. */
export function LevelBadge({ level }: { level: UsageLevel }) {
  if (level === "fine") return null;
  return level === "over" ? (
    <Badge tone="danger">{i18n.t("usage.over")}</Badge>
  ) : (
    <Badge tone="warning">{i18n.t("usage.near")}</Badge>
  );
}
