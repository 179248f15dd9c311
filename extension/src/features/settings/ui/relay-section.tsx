import { Radio } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import type { RelayRow } from "../../../db/rows.ts";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { DetailList } from "../../../ui/detail-list.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { RetryCountdown } from "../../../ui/retry-countdown.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { TunnelAction } from "../../../ui/tunnel-action.tsx";
import { TunnelStatus, tunnelExplanation } from "../../../ui/tunnel-status.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import type { RelayView } from "../../../ui/use-relay.ts";

export function RelaySection({ view }: { view: RelayView }) {
  return (
    <Section title={i18n.t("settings.relay")} description={i18n.t("settings.relayText")}>
      {view.relay ? <Paired view={view} relay={view.relay} /> : <NotPaired />}
    </Section>
  );
}

function NotPaired() {
  return (
    <Card>
      <EmptyState
        icon={Radio}
        title={i18n.t("tunnel.unpaired")}
        text={i18n.t("tunnel.unpairedWhy")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "welcome" })}>{i18n.t("tunnel.pair")}</a>
          </Button>
        }
        className="py-8"
      />
    </Card>
  );
}

function Paired({ view, relay }: { view: RelayView; relay: RelayRow }) {
  const [open, setOpen] = useState(false);
  const unpair = useCommand("relay.unpair");
  const { tunnel, retryAt } = view.state;
  const why = tunnelExplanation(tunnel);
  const confirm = async () => {
    if ((await unpair.run({})) !== undefined) setOpen(false);
  };
  return (
    <Card className="divide-y divide-line">
      <div className="flex flex-wrap items-center justify-between gap-3 p-4">
        <div className="flex min-w-0 flex-col gap-0.5">
          <p className="text-base font-medium break-all">{view.host}</p>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
            <TunnelStatus tunnel={tunnel} />
            {tunnel === "offline" && retryAt !== null && (
              <RetryCountdown retryAt={retryAt} className="text-sm text-muted tabular-nums" />
            )}
          </div>
          {why !== null && <p className="mt-1 text-sm text-muted">{why}</p>}
        </div>
        <TunnelAction tunnel={tunnel} pairHref={hrefTo({ page: "welcome" })} />
      </div>
      <DetailList
        className="p-4"
        details={[
          { label: i18n.t("settings.person"), value: relay.user.name },
          { label: i18n.t("settings.pairedSince"), value: <RelativeTime at={relay.pairedAt} /> },
        ]}
      />
      <div className="flex flex-wrap items-center justify-between gap-3 p-4">
        <p className="min-w-0 flex-1 basis-60 text-base text-muted">{i18n.t("settings.unpairText")}</p>
        <Button variant="danger-outline" onClick={() => setOpen(true)}>
          {i18n.t("settings.unpair")}
        </Button>
      </div>
      <AlertDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          unpair.reset();
        }}
        title={i18n.t("settings.unpairTitle", { host: view.host ?? "" })}
        description={i18n.t("settings.unpairConfirm")}
        action={i18n.t("settings.unpair")}
        pending={unpair.pending}
        error={unpair.error && <ErrorState error={unpair.error} />}
        onConfirm={() => void confirm()}
      />
    </Card>
  );
}
