import { Plus, SearchX } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Section } from "../../../ui/section.tsx";
import { countOffers } from "../count-offers.ts";
import type { DraftProblem } from "../draft-problems.ts";
import { needsConfirmation } from "../draft-state.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { chosenOf, flattenTree, isFiltered, NO_FILTER } from "../tool-tree.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { NamePreviewPanel } from "./name-preview-panel.tsx";
import { StepProblems } from "./step-problems.tsx";
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
  open: ReadonlySet<string>;
  onOpenChange: (open: ReadonlySet<string>) => void;
  onAddApp: () => void;
};

/** Which tools of which apps the persona has, how they are named, and what clients will make of their number. */
export function ToolsStep(props: ToolsStepProps) {
  const { draft, onChange, groups, preview, problems, open, onOpenChange, onAddApp } = props;
  const tree = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState(NO_FILTER);
  const shownFilter = useDeferredValue(filter);
  const { tools, items, slots } = draft;
  const chosen = useMemo(() => chosenOf({ tools, items, slots }), [tools, items, slots]);
  const offered = useMemo(() => countOffers({ items, slots }, groups), [items, slots, groups]);
  const rows = useMemo(() => flattenTree(groups, chosen, open, shownFilter), [groups, chosen, open, shownFilter]);
  return (
    <Section
      title={i18n.t("wizard.tools")}
      description={i18n.t("wizard.toolsTip")}
      actions={
        <Button size="sm" onClick={onAddApp}>
          <Plus aria-hidden />
          {i18n.t("personas.addApp")}
        </Button>
      }
    >
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_16rem]">
        <div className="flex min-w-0 flex-col gap-3">
          <ToolFilterBar
            filter={filter}
            onChange={setFilter}
            selected={tools.length + offered.resources + offered.prompts}
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
                expanded={open}
                onExpandedChange={onOpenChange}
                draft={draft}
                onChange={onChange}
              />
            )}
          </Card>
          {isFiltered(filter) && rows.length > 0 && (
            <p role="status" className="text-sm text-muted">
              {i18n.t(
                "wizard.matching",
                rows.reduce((sum, row) => sum + ("matching" in row ? row.matching.length : 0), 0),
              )}
            </p>
          )}
        </div>
        <NamePreviewPanel draft={draft} onChange={onChange} groups={groups} preview={preview} />
      </div>
    </Section>
  );
}
