import type { Ref } from "react";
import { i18n } from "#i18n";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { AppStatus } from "../../../ui/app-status.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { hrefTo } from "../../../ui/route.ts";
import type { GroupRow } from "../tool-tree.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { PrefixField } from "./prefix-field.tsx";
import { RowOpener } from "./tree-row-parts.tsx";
import { TreeRowFrame, type RowPlace } from "./tree-row.tsx";

type ToolGroupRowProps = {
  row: GroupRow;
  place: RowPlace;
  ref: Ref<HTMLDivElement>;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  onOpenChange: (open: boolean) => void;
};

/** An account of an app: opens and closes, ticks all that is shown of it, names its prefix. */
export function ToolGroupRow({ row, place, ref, draft, onChange, onOpenChange }: ToolGroupRowProps) {
  const { group, expanded, matching, selection, selected } = row;
  const name = group.account === null ? group.title : `${group.title} (${group.account})`;
  const waiting = group.connection !== null && group.connection.status !== "connected";
  return (
    <TreeRowFrame
      ref={ref}
      place={place}
      aria-level={1}
      aria-expanded={expanded}
      aria-selected={selection === "all"}
      aria-label={i18n.t("wizard.groupRow", { app: name, selected, all: matching.length })}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-surface px-3 py-2"
    >
      <RowOpener
        expanded={expanded}
        label={expanded ? i18n.t("wizard.closeGroup", { app: name }) : i18n.t("wizard.openGroup", { app: name })}
        onOpenChange={onOpenChange}
      >
        <Checkbox
          checked={selection === "some" ? "indeterminate" : selection === "all"}
          onChange={place.onSelect}
          disabled={matching.length === 0}
          tabIndex={place.active ? 0 : -1}
          aria-label={i18n.t("wizard.selectAll", { app: name })}
        />
      </RowOpener>
      <span
        role="gridcell"
        className="flex min-w-0 flex-1 basis-40 cursor-pointer items-center gap-2.5"
        onClick={() => onOpenChange(!expanded)}
      >
        <AppIcon name={group.title} url={group.app?.url ?? group.groupId} size="sm" />
        <span className="flex min-w-0 flex-col items-start">
          <span className="max-w-full truncate text-base font-medium">
            {group.title}
            {group.account !== null && <span className="font-normal text-muted">{` · ${group.account}`}</span>}
          </span>
          {waiting && group.app !== null && group.connection !== null && (
            <a
              href={hrefTo({ page: "app", appId: group.app.appId })}
              tabIndex={place.active ? 0 : -1}
              onClick={(event) => event.stopPropagation()}
              className="rounded-sm hover:underline"
            >
              <AppStatus status={group.connection.status} />
            </a>
          )}
        </span>
        <span className="text-sm whitespace-nowrap text-muted tabular-nums">{`${selected} / ${matching.length}`}</span>
      </span>
      <span role="gridcell" className="flex flex-wrap items-center gap-2 max-sm:basis-full max-sm:ps-13.5">
        {group.connection === null && <Badge tone="warning">{i18n.t("personas.slotNotBound")}</Badge>}
        {draft.prefixing && (
          <PrefixField group={group} app={name} draft={draft} onChange={onChange} tabIndex={place.active ? 0 : -1} />
        )}
      </span>
    </TreeRowFrame>
  );
}
