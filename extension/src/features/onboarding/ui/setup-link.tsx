import { ListChecks } from "lucide-react";
import { i18n } from "#i18n";
import { hrefTo } from "../../../ui/route.ts";
import { SETUP_STEPS, stepsDone, useSetupProgress } from "./use-setup-progress.ts";

/** Leads back to the first steps until they are done. */
export function SetupLink() {
  const progress = useSetupProgress();
  if (progress.state !== "ready") return null;
  const done = stepsDone(progress.value);
  if (done === SETUP_STEPS) return null;
  return (
    <a
      href={hrefTo({ page: "welcome" })}
      className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-base font-medium text-muted transition-colors hover:bg-hover hover:text-ink"
    >
      <ListChecks aria-hidden className="size-4 shrink-0" />
      <span className="flex-1">{i18n.t("welcome.finish")}</span>
      <span className="text-sm tabular-nums">{i18n.t("welcome.progress", { done, steps: SETUP_STEPS })}</span>
    </a>
  );
}
