import type { Grant } from "@agent-personas/shared/api/grants";
import { useState } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { returnHostText } from "../../../ui/return-host-text.ts";
import { scopeText } from "../../../ui/scope-text.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { isEnded } from "../grant-view.ts";

type ClientRowProps = { grant: Grant; onChanged: () => void };

export function ClientRow({ grant, onChanged }: ClientRowProps) {
  const [revoking, setRevoking] = useState(false);
  const client = plainLine(grant.client.name);
  const ended = isEnded(grant);
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-1 md:grid-cols-[minmax(0,1fr)_minmax(0,15rem)]">
        <div className="flex min-w-0 flex-col gap-1">
          <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 truncate text-base font-medium">{client}</span>
            {ended && <Badge tone="danger">{i18n.t("clients.statusEnded")}</Badge>}
          </div>
          <p className="truncate text-sm text-muted">
            {i18n.t("clients.returnsTo", { host: returnHostText(grant.client.redirectHost) })}
          </p>
          <div className="flex flex-wrap items-center gap-1">
            {grant.scopes.map((scope) => (
              <Badge key={scope}>{scopeText(scope)}</Badge>
            ))}
            <span className="text-xs text-muted tabular-nums">
              {grant.tools === null ? i18n.t("clients.live") : i18n.t("clients.frozen", grant.tools.length)}
            </span>
          </div>
        </div>
        <div className="flex flex-col gap-0.5 text-sm text-muted md:items-end md:text-end">
          <LastUse grant={grant} />
          <p>
            {i18n.t("clients.allowed")} <RelativeTime at={grant.createdAt} />
          </p>
          {!ended && (
            <p>
              {i18n.t("clients.ends")} <RelativeTime at={grant.expiresAt} />
            </p>
          )}
        </div>
        {ended && <p className="text-sm text-danger-ink md:col-span-2">{i18n.t("clients.endedText", { client })}</p>}
      </div>
      {!ended && (
        <Button
          size="sm"
          variant="danger-outline"
          aria-label={i18n.t("clients.revokeNamed", { client })}
          onClick={() => setRevoking(true)}
        >
          {i18n.t("clients.revoke")}
        </Button>
      )}
      {revoking && <RevokeDialog grant={grant} onClose={() => setRevoking(false)} onChanged={onChanged} />}
    </li>
  );
}

function RevokeDialog({ grant, onClose, onChanged }: { grant: Grant; onClose: () => void; onChanged: () => void }) {
  const revoke = useCommand("grants.revoke");
  const stop = async () => {
    if ((await revoke.run({ grantId: grant.grantId })) === undefined) return;
    onChanged();
    onClose();
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={i18n.t("clients.revokeTitle", { client: plainLine(grant.client.name) })}
      description={
        <>
          <p>{i18n.t("clients.revokeText")}</p>
          <LastUse grant={grant} className="mt-2 font-medium text-ink" />
        </>
      }
      action={i18n.t("clients.revokeAction")}
      pending={revoke.pending}
      error={revoke.error && <ErrorState error={revoke.error} />}
      onConfirm={() => void stop()}
    />
  );
}

function LastUse({ grant, className }: { grant: Grant; className?: string }) {
  if (grant.lastUsedAt === null) return <p className={className}>{i18n.t("clients.neverUsed")}</p>;
  return (
    <p className={className}>
      {i18n.t("clients.lastUsed")} <RelativeTime at={grant.lastUsedAt} />
    </p>
  );
}
