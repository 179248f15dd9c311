import { i18n } from "#i18n";
import type { StateRow } from "../db/rows.ts";
import { RetryCountdown } from "../ui/retry-countdown.tsx";
import { hrefTo } from "../ui/route.ts";
import { TunnelAction } from "../ui/tunnel-action.tsx";
import { TunnelStatus } from "../ui/tunnel-status.tsx";

/** The relay and whether this browser is reachable through it, with the one next step. */
export function TunnelPanel({ state, host }: { state: StateRow; host: string | null }) {
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line px-2.5 pt-3">
      <div className="flex min-w-0 max-w-full flex-col gap-0.5">
        <TunnelStatus tunnel={state.tunnel} className="font-medium text-ink" />
        {host !== null && (
          <span className="truncate text-sm text-muted" title={host}>
            {i18n.t("console.relayHost", { host })}
          </span>
        )}
        {state.tunnel === "offline" && state.retryAt !== null && (
          <RetryCountdown retryAt={state.retryAt} className="text-sm text-muted tabular-nums" />
        )}
      </div>
      <TunnelAction tunnel={state.tunnel} pairHref={hrefTo({ page: "welcome" })} />
    </div>
  );
}
