import { Gauge, TriangleAlert } from "lucide-react";
import { i18n } from "#i18n";
import { cn } from "../../../ui/cn.ts";
import type { Meter, MeterWarning } from "../tool-meter.ts";

const FULL = 128;

/** How many tools, about how many tokens, and which clients that is too much for. */
export function MeterView({ meter }: { meter: Meter }) {
  const share = Math.min(1, meter.count / FULL);
  return (
    <section aria-label={i18n.t("wizard.meter")} className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-2" role="status">
        <span className="text-lg font-semibold whitespace-nowrap tabular-nums">
          {i18n.t("personas.tools", meter.count)}
        </span>
        <span className="flex items-center gap-1 text-sm whitespace-nowrap text-muted tabular-nums">
          <Gauge aria-hidden className="size-3.5" />
          {i18n.t("wizard.tokens", { tokens: new Intl.NumberFormat().format(meter.tokens) })}
        </span>
      </div>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-hover">
        <div
          className={cn(
            "h-full rounded-full transition-[width]",
            meter.count > 80 ? "bg-danger" : meter.count > 40 ? "bg-warning" : "bg-accent",
          )}
          style={{ width: `${share * 100}%` }}
        />
      </div>
      {meter.warnings.length > 0 && (
        <ul aria-label={i18n.t("wizard.meterWarnings")} className="flex flex-col gap-1.5">
          {meter.warnings.slice(0, 12).map((warning) => (
            <li
              key={warning.kind === "count" ? warning.limit : warning.exposedName}
              className="flex items-start gap-1.5 text-sm text-warning-ink"
            >
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
              <span className="min-w-0 break-words">{warningText(warning)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function warningText(warning: MeterWarning): string {
  if (warning.kind === "schema") {
    return i18n.t("wizard.warnSchema", {
      tool: warning.exposedName,
      size: Math.ceil(warning.bytes / 1_024),
      clients: warning.clients.join(", "),
    });
  }
  if (warning.clients.length === 0) return i18n.t("wizard.warnFocus", { limit: warning.limit });
  return i18n.t("wizard.warnCount", { limit: warning.limit, clients: warning.clients.join(", ") });
}
