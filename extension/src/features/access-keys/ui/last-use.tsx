import type { AccessKey } from "@agent-personas/shared/api/personas";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { RelativeTime } from "../../../ui/relative-time.tsx";

type LastUseProps = {
  accessKey: AccessKey;
  /** This month's counter has calls of it; the time of the last one comes a little later. */
  used?: boolean;
  className?: string;
};

/** When and by which client a key was used last, so that nobody cuts off something they still need. */
export function LastUse({ accessKey, used = false, className }: LastUseProps) {
  const { lastUsedAt, lastClient } = accessKey;
  if (lastUsedAt === null) {
    return <p className={className}>{used ? i18n.t("keys.usedThisMonth") : i18n.t("keys.neverUsed")}</p>;
  }
  return (
    <p className={className}>
      {i18n.t("keys.lastUsed")} <RelativeTime at={lastUsedAt} />
      {lastClient !== null && ` ${i18n.t("keys.byClient", { client: plainLine(lastClient) })}`}
    </p>
  );
}
