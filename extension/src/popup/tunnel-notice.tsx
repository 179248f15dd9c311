import { i18n } from "#i18n";
import type { StateRow } from "../db/rows.ts";
import { RetryCountdown } from "../ui/retry-countdown.tsx";
import { TunnelAction } from "../ui/tunnel-action.tsx";
import { tunnelExplanation } from "../ui/tunnel-status.tsx";
import { consoleHref } from "./console-link.ts";

/** Why personas cannot be reached now, and the one next step; the relay's name while all is well. */
export function TunnelNotice({ state, host }: { state: StateRow; host: string }) {
  const why = tunnelExplanation(state.tunnel);
  if (why === null) {
    return (
      <p className="truncate border-b border-line bg-sunken px-4 py-1.5 text-sm text-muted">
        {i18n.t("popup.relay", { host })}
      </p>
    );
  }
  return (
    <div className="flex items-center gap-3 border-b border-line bg-warning-soft px-4 py-2.5">
      <div className="min-w-0 flex-1 text-sm text-warning-ink">
        <p>{why}</p>
        {state.tunnel === "offline" && state.retryAt !== null && (
          <RetryCountdown retryAt={state.retryAt} className="tabular-nums" />
        )}
      </div>
      <TunnelAction tunnel={state.tunnel} pairHref={consoleHref({ page: "welcome" })} newTab />
    </div>
  );
}
