import { History } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";

type RestoredNoticeProps = {
  restored: { updatedAt: number };
  /** The persona was changed since this draft was begun. */
  stale: boolean;
  onRebase: () => void;
  onStartOver: () => void;
};

/** Says that what is shown was typed before. */
export function RestoredNotice({ restored, stale, onRebase, onStartOver }: RestoredNoticeProps) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-accent-soft px-3 py-2 text-base text-accent-ink"
    >
      <History aria-hidden className="size-4.5 shrink-0" />
      <p className="min-w-0 flex-1 basis-48">
        {stale ? (
          i18n.t("wizard.restoredStale")
        ) : (
          <>
            {i18n.t("wizard.restored")} <RelativeTime at={restored.updatedAt} />
          </>
        )}
      </p>
      {stale && (
        <Button size="sm" onClick={onRebase}>
          {i18n.t("wizard.rebase")}
        </Button>
      )}
      <Button size="sm" variant="ghost" className="text-accent-ink" onClick={onStartOver}>
        {i18n.t("wizard.startOver")}
      </Button>
    </div>
  );
}
