import { i18n } from "#i18n";
import type { CommandResults } from "../../../messages/contract.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { useNow } from "../../../ui/use-now.ts";

const MINUTE = 60_000;

export function LinkWaiting({ link }: { link: CommandResults["relay.create-link"] }) {
  const minutes = Math.max(1, Math.ceil((link.expiresAt - useNow(1_000)) / MINUTE));
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">{i18n.t("settings.link")}</p>
        <CodeBlock wrap text={link.link} label={i18n.t("settings.link")} copyLabel={i18n.t("settings.copyLink")} />
      </div>
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">{i18n.t("settings.linkCode")}</p>
        <CodeBlock wrap text={link.code} label={i18n.t("settings.linkCode")} copyLabel={i18n.t("settings.copyCode")} />
      </div>
      <div role="status" className="flex flex-col gap-2">
        <p className="text-base text-muted">{i18n.t("settings.waitingForBrowser", minutes)}</p>
        <ProgressLine label={i18n.t("settings.waitingForBrowser", minutes)} />
      </div>
    </div>
  );
}
