import { i18n } from "#i18n";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { StatusDot } from "../../../ui/status-dot.tsx";

/** Turns green at the client's first request by one of this persona's keys. */
export function ConnectProof({ client, seenAt }: { client: string; seenAt: number | null }) {
  return (
    <p aria-live="polite" className="flex flex-wrap items-center gap-1.5 text-sm text-muted">
      {seenAt === null ? (
        <StatusDot tone="neutral" text={i18n.t("connect.waiting", { client })} className="whitespace-normal" />
      ) : (
        <>
          <StatusDot tone="success" text={i18n.t("connect.seen", { client })} className="text-success-ink" />
          <RelativeTime at={seenAt} />
        </>
      )}
    </p>
  );
}
