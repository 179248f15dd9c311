import { Boxes, SearchX } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import { needsConfirmation } from "../draft-state.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { chosenTools, flattenTree, isFiltered, NO_FILTER } from "../tool-tree.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { NamePreviewPanel } from "./name-preview-panel.tsx";
import { ToolFilterBar } from "./tool-filter-bar.tsx";
import { ToolTree } from "./tool-tree.tsx";
import { UnconfirmedNotice } from "./unconfirmed-notice.tsx";
import type { NamePreview } from "./use-name-preview.ts";

type ToolsStepProps = {
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  groups: readonly ToolGroup[];
  preview: NamePreview;
  problems: readonly DraftProblem[];
};

/** Which tools of which apps the persona has, how they are named, and what clients will make of their number. */
export function ToolsStep({ draft, onChange, groups, preview, problems }: ToolsStepProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState(NO_FILTER);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => initiallyOpen(groups, draft));
  const shownFilter = useDeferredValue(filter);
  const chosen = useMemo(() => chosenTools(draft), [draft]);
  const rows = useMemo(
    () => flattenTree(groups, chosen, expanded, shownFilter),
    [groups, chosen, expanded, shownFilter],
  );
  if (groups.length === 0) return <NoApps />;
  return (
    <Section
      title={i18n.t("wizard.tools")}
      description={i18n.t("wizard.toolsTip")}
      actions={
        <Button asChild size="sm" variant="ghost">
          <a href={hrefTo({ page: "apps" })}>{i18n.t("personas.addApp")}</a>
        </Button>
      }
    >
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_16rem]">
        <div className="flex min-w-0 flex-col gap-3">
          <ToolFilterBar
            filter={filter}
            onChange={setFilter}
            selected={draft.tools.length}
            onEnter={() => tree.current?.querySelector<HTMLElement>("[role=row][tabindex='0']")?.focus()}
          />
          <StepProblems problems={problems} collisions={preview.collisions} />
          {draft.tools.some(needsConfirmation) && (
            <UnconfirmedNotice
              draft={draft}
              onChange={onChange}
              urgent={problems.some((problem) => problem.code === "unconfirmed")}
              onShow={() => setFilter({ query: "", riskClass: "destructive", selectedOnly: true })}
            />
          )}
          <Card className="overflow-hidden" ref={tree}>
            {rows.length === 0 ? (
              <EmptyState
                icon={SearchX}
                title={i18n.t("wizard.noMatch")}
                action={<Button onClick={() => setFilter(NO_FILTER)}>{i18n.t("wizard.clearFilter")}</Button>}
              />
            ) : (
              <ToolTree
                rows={rows}
                filter={shownFilter}
                expanded={expanded}
                onExpandedChange={setExpanded}
                draft={draft}
                onChange={onChange}
              />
            )}
          </Card>
          {isFiltered(filter) && rows.length > 0 && (
            <p role="status" className="text-sm text-muted">
              {i18n.t(
                "wizard.matching",
                rows.reduce((sum, row) => sum + (row.kind === "group" ? row.matching.length : 0), 0),
              )}
            </p>
          )}
        </div>
        <NamePreviewPanel draft={draft} onChange={onChange} groups={groups} preview={preview} />
      </div>
    </Section>
  );
}

function StepProblems({ problems, collisions }: { problems: readonly DraftProblem[]; collisions: readonly string[] }) {
  const has = (code: DraftProblem["code"]) => problems.some((problem) => problem.code === code);
  const texts = [
    ...(has("noTools") ? [i18n.t("wizard.noTools")] : []),
    ...(has("unserved") ? [i18n.t("wizard.unserved")] : []),
    ...(problems.some((problem) => problem.field === "prefix") ? [i18n.t("wizard.prefixesWrong")] : []),
  ];
  return (
    <>
      {texts.length > 0 && (
        <ul role="alert" className="flex flex-col gap-1 rounded-md bg-danger-soft px-3 py-2 text-base text-danger-ink">
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {collisions.length > 0 && (
        <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-base text-danger-ink">
          <p>{i18n.t("wizard.collisions")}</p>
          <p className="mt-1 font-mono text-sm break-all">{collisions.slice(0, 20).join(", ")}</p>
        </div>
      )}
    </>
  );
}

const NoApps = () => (
  <Section title={i18n.t("wizard.tools")} description={i18n.t("wizard.toolsTip")}>
    <Card>
      <EmptyState
        icon={Boxes}
        title={i18n.t("wizard.noApps")}
        text={i18n.t("wizard.noAppsText")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "apps" })}>{i18n.t("personas.addApp")}</a>
          </Button>
        }
      />
    </Card>
  </Section>
);

/** Groups with chosen tools, or the only one there is. */
function initiallyOpen(groups: readonly ToolGroup[], draft: WizardDraft): ReadonlySet<string> {
  const used = new Set(draft.tools.map((tool) => tool.slotId));
  const open = groups.filter((group) => groups.length === 1 || (group.slotId !== null && used.has(group.slotId)));
  return new Set(open.map((group) => group.groupId));
}
