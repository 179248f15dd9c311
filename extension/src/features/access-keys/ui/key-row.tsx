import type { Usage } from "@agent-personas/shared/api/limits";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { Ban, CirclePause, EllipsisVertical, Pencil, Play } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { DropdownMenu, type MenuItem } from "../../../ui/dropdown-menu.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { callableTools, isDead, keyStatus } from "../key-view.ts";
import { EditKeyDialog } from "./edit-key-dialog.tsx";
import { KeyStatusBadge } from "./key-status-badge.tsx";
import { KeyBudget } from "./key-budget.tsx";
import { LastUse } from "./last-use.tsx";
import { scopeText } from "../../../ui/scope-text.ts";
import { StopKeyDialog } from "./stop-key-dialog.tsx";

type KeyRowProps = {
  accessKey: AccessKey;
  byScope: Record<Scope, string[]>;
  usage: Usage | null;
  now: number;
  onChanged: () => void;
};

export function KeyRow({ accessKey, byScope, usage, now, onChanged }: KeyRowProps) {
  const [open, setOpen] = useState<"edit" | "disable" | "revoke" | null>(null);
  const enable = useCommand("keys.edit");
  const { keyId, name } = accessKey;
  const status = keyStatus(accessKey, now);
  const close = () => setOpen(null);
  const resume = async () => {
    const answer = await enable.run({ keyId, changes: { disabled: false } });
    if (answer !== undefined) onChanged();
  };
  const items: MenuItem[] = [
    { label: i18n.t("keys.edit"), icon: Pencil, onSelect: () => setOpen("edit") },
    accessKey.state === "disabled"
      ? { label: i18n.t("keys.enable"), icon: Play, disabled: enable.pending, onSelect: () => void resume() }
      : { label: i18n.t("keys.disable"), icon: CirclePause, onSelect: () => setOpen("disable") },
    "separator",
    { label: i18n.t("keys.revoke"), icon: Ban, tone: "danger", onSelect: () => setOpen("revoke") },
  ];
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-1 md:grid-cols-[minmax(0,1fr)_minmax(0,15rem)]">
        <div className="flex min-w-0 flex-col gap-1">
          <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 truncate text-base font-medium">{name}</span>
            <KeyStatusBadge status={status} />
          </div>
          <code dir="ltr" className="text-start font-mono text-xs text-muted">
            {`${accessKey.prefix}…${accessKey.last4}`}
          </code>
          <div className="flex flex-wrap items-center gap-1">
            {accessKey.scopes.map((scope) => (
              <Badge key={scope}>{scopeText(scope)}</Badge>
            ))}
            <span className="text-xs text-muted tabular-nums">
              {i18n.t("keys.callable", callableTools(byScope, accessKey).length)}
            </span>
          </div>
        </div>
        <div className="flex flex-col gap-0.5 text-sm text-muted md:items-end md:text-end">
          <LastUse accessKey={accessKey} used={usage !== null && usage.calls > 0} />
          <p>
            {i18n.t("keys.created")} <RelativeTime at={accessKey.createdAt} />
          </p>
          <Expiry expiresAt={accessKey.expiresAt} warn={status === "expiring"} past={isDead(accessKey, now)} />
        </div>
        <KeyBudget budget={accessKey.budget} usage={usage} />
        {status === "leaked" && <p className="text-sm text-danger-ink md:col-span-2">{i18n.t("keys.leakedText")}</p>}
        {status === "expiring" && (
          <p className="text-sm text-warning-ink md:col-span-2">{i18n.t("keys.expiringText")}</p>
        )}
        {enable.error && (
          <p role="alert" className="text-sm text-danger-ink md:col-span-2">
            {enable.error.message}
          </p>
        )}
      </div>
      {status !== "revoked" && (
        <DropdownMenu items={items}>
          <IconButton label={i18n.t("keys.actionsFor", { name })}>
            <EllipsisVertical aria-hidden />
          </IconButton>
        </DropdownMenu>
      )}
      {open === "edit" && (
        <EditKeyDialog accessKey={accessKey} byScope={byScope} onClose={close} onChanged={onChanged} />
      )}
      {(open === "disable" || open === "revoke") && (
        <StopKeyDialog accessKey={accessKey} how={open} onClose={close} onChanged={onChanged} />
      )}
    </li>
  );
}

function Expiry({ expiresAt, warn, past }: { expiresAt: number | null; warn: boolean; past: boolean }) {
  if (expiresAt === null) return <p>{i18n.t("keys.neverExpires")}</p>;
  return (
    <p className={warn ? "font-medium text-warning-ink" : undefined}>
      {past ? i18n.t("keys.ended") : i18n.t("keys.ends")} <RelativeTime at={expiresAt} />
    </p>
  );
}
