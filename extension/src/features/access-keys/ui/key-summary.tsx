import { KeyRound } from "lucide-react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Section } from "../../../ui/section.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { useNow } from "../../../ui/use-now.ts";
import { isDead, keyStatus } from "../key-view.ts";
import { LastUse } from "./last-use.tsx";
import type { Keys } from "./use-keys.ts";

const MINUTE_MS = 60_000;

/** How many keys there are and which of them want attention; the list itself is a tab away. */
export function KeySummary({ keys, manageHref, onCreate }: { keys: Keys; manageHref: string; onCreate: () => void }) {
  const now = useNow(MINUTE_MS);
  const live = keys.keys.filter((key) => !isDead(key, now));
  const count = (status: string) => live.filter((key) => keyStatus(key, now) === status).length;
  const leaked = count("leaked");
  const expiring = count("expiring");
  const latest = live.toSorted((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0))[0];
  return (
    <Section
      title={i18n.t("keys.title")}
      actions={
        <>
          <Button asChild size="sm" variant="ghost">
            <a href={manageHref}>{i18n.t("keys.manage")}</a>
          </Button>
          <Button size="sm" onClick={onCreate}>
            {i18n.t("keys.generate")}
          </Button>
        </>
      }
    >
      <Card className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
        <KeyRound aria-hidden className="size-5 shrink-0 text-muted" />
        {keys.state === "loading" && <Skeleton className="h-4 w-40" />}
        {keys.state === "failed" && <p className="text-base text-muted">{keys.error?.message}</p>}
        {keys.state === "ready" && (
          <div className="min-w-0 flex-1 basis-48">
            <p className="text-base font-medium">
              {i18n.t("keys.inUse", live.filter((key) => key.state === "active").length)}
            </p>
            {latest !== undefined && <LastUse accessKey={latest} className="text-sm text-muted" />}
          </div>
        )}
        {leaked > 0 && <Badge tone="danger">{i18n.t("keys.leakedCount", leaked)}</Badge>}
        {expiring > 0 && <Badge tone="warning">{i18n.t("keys.expiringCount", expiring)}</Badge>}
      </Card>
    </Section>
  );
}
