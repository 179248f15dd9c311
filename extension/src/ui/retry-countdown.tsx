import { i18n } from "#i18n";
import { useNow } from "./use-now.ts";

/** "Next attempt in 12 s", counting down; silent once it is due. */
export function RetryCountdown({ retryAt, className }: { retryAt: number; className?: string }) {
  const seconds = Math.ceil((retryAt - useNow(1_000)) / 1_000);
  if (seconds <= 0) return null;
  return <span className={className}>{i18n.t("tunnel.nextAttempt", { seconds })}</span>;
}
