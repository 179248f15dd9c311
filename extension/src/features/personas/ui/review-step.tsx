import type { AppError } from "@agent-personas/shared/errors/app-error";
import { TriangleAlert } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { chosenSizes } from "../chosen-sizes.ts";
import type { WizardStep } from "../draft-problems.ts";
import { countOffers, offeredItems } from "../count-offers.ts";
import { listedAtEndpoint } from "../search-draft.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { measureTools } from "../tool-meter.ts";
import { countedFavourites, type WizardDraft } from "../wizard-draft.ts";
import { warningText } from "./meter-view.tsx";
import { offersText } from "./offers-text.ts";
import { ReviewGroup } from "./review-group.tsx";
import { passthroughWarnings, ReviewInbound } from "./review-inbound.tsx";
import type { NamePreview } from "./use-name-preview.ts";

type ReviewStepProps = {
  draft: WizardDraft;
  groups: readonly ToolGroup[];
  preview: NamePreview;
  error: AppError | null;
  onGo: (step: WizardStep) => void;
};

/** Who, tools by app, modes and warnings, before anything is published. */
export function ReviewStep({ draft, groups, preview, error, onGo }: ReviewStepProps) {
  const meter = useMemo(
    () => measureTools(listedAtEndpoint(draft, chosenSizes(draft, groups, preview.names))),
    [draft, groups, preview.names],
  );
  const offers = countOffers(draft, groups);
  const warnings = [
    ...passthroughWarnings(draft, groups),
    ...destructiveWarnings(draft),
    ...groups.flatMap((group) => groupWarnings(draft, group)),
    ...meter.warnings.map(warningText),
  ];
  return (
    <Section title={i18n.t("wizard.review")} description={i18n.t("wizard.reviewText")}>
      {error && (
        <ErrorState
          error={error}
          {...(error.code === "not_paired" && {
            action: (
              <Button asChild size="sm">
                <a href={hrefTo({ page: "welcome" })}>{i18n.t("wizard.pairFirst")}</a>
              </Button>
            ),
          })}
        />
      )}
      {warnings.length > 0 && (
        <div className="rounded-lg border border-warning/40 bg-warning-soft p-4">
          <p className="flex items-center gap-2 text-base font-semibold">
            <TriangleAlert aria-hidden className="size-4.5 text-warning-ink" />
            {i18n.t("wizard.warnings", warnings.length)}
          </p>
          <ul className="mt-1.5 flex list-disc flex-col gap-1 ps-6.5 text-base">
            {warnings.map((warning) => (
              <li key={warning} className="break-words">
                {warning}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Card className="divide-y divide-line">
        <Part title={i18n.t("wizard.who")} onEdit={() => onGo("basics")}>
          <p className="font-medium break-words">{draft.name.trim()}</p>
          {draft.description.trim() !== "" && <p className="break-words text-muted">{draft.description.trim()}</p>}
          <p className="text-muted">{i18n.t("personas.audienceMe")}</p>
        </Part>
        <Part
          title={[i18n.t("wizard.toolsSummary", draft.tools.length), ...offersText(offers)].join(" · ")}
          onEdit={() => onGo("tools")}
          aside={i18n.t("wizard.tokens", { tokens: new Intl.NumberFormat().format(meter.tokens) })}
        >
          <ul className="flex flex-col gap-3">
            {groups.map((group) => (
              <ReviewGroup key={group.groupId} group={group} draft={draft} preview={preview} />
            ))}
          </ul>
          {draft.search !== undefined && (
            <p className="mt-3 text-muted">{i18n.t("wizard.reviewSearch", countedFavourites(draft).length)}</p>
          )}
          {draft.lossless === true && <p className="mt-1 text-muted">{i18n.t("wizard.reviewLossless")}</p>}
        </Part>
        <Part title={i18n.t("wizard.inbound")} onEdit={() => onGo("inbound")}>
          <ReviewInbound draft={draft} groups={groups} />
        </Part>
      </Card>
    </Section>
  );
}

type PartProps = { title: string; aside?: string; onEdit: () => void; children: ReactNode };

const Part = ({ title, aside, onEdit, children }: PartProps) => (
  <div className="flex items-start gap-4 px-4 py-3.5">
    <div className="min-w-0 flex-1">
      <h3 className="mb-1 flex flex-wrap items-baseline gap-x-2 text-sm font-medium text-muted">
        {title}
        {aside !== undefined && <span className="font-normal text-faint">{aside}</span>}
      </h3>
      <div className="text-base">{children}</div>
    </div>
    <Button size="sm" variant="ghost" onClick={onEdit} aria-label={i18n.t("wizard.change", { what: title })}>
      {i18n.t("wizard.changeShort")}
    </Button>
  </div>
);

function destructiveWarnings(draft: WizardDraft): string[] {
  const count = draft.tools.filter((tool) => tool.riskClass === "destructive" && tool.policy === "allow").length;
  return count === 0 ? [] : [i18n.t("wizard.warnDestructive", count)];
}

function groupWarnings(draft: WizardDraft, group: ToolGroup): string[] {
  const chosen = new Set(draft.tools.filter((tool) => tool.slotId === group.slotId).map((tool) => tool.originalName));
  if (chosen.size === 0 && offeredItems(draft, group).length === 0) return [];
  const count = (state: "changed" | "removed") =>
    group.tools.filter((tool) => tool.state === state && chosen.has(tool.originalName)).length;
  const changed = count("changed");
  const removed = count("removed");
  const changedItems = offeredItems(draft, group).filter((item) => item.state === "changed").length;
  const waiting = group.connection !== null && group.connection.status !== "connected";
  return [
    ...(waiting ? [i18n.t("wizard.warnNotConnected", { app: group.title })] : []),
    ...(changed > 0 ? [i18n.t("wizard.warnChanged", changed, { app: group.title })] : []),
    ...(removed > 0 ? [i18n.t("wizard.warnRemoved", removed, { app: group.title })] : []),
    ...(changedItems > 0 ? [i18n.t("items.warnChanged", changedItems, { app: group.title })] : []),
  ];
}
