import type { Scope } from "@agent-personas/shared/persona/scope";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { i18n } from "#i18n";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { riskText } from "../../../ui/risk-badge.tsx";
import { SearchInput } from "../../../ui/search-input.tsx";
import { Select } from "../../../ui/select.tsx";
import type { TreeFilter } from "../tool-tree.ts";

type ToolFilterBarProps = {
  filter: TreeFilter;
  onChange: (filter: TreeFilter) => void;
  selected: number;
  /** Enter in the search goes to what was found instead of to the next step. */
  onEnter: () => void;
};

const ANY = "any";

export function ToolFilterBar({ filter, onChange, selected, onEnter }: ToolFilterBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div
        className="min-w-0 flex-1 basis-36"
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "ArrowDown") return;
          if (!(event.target instanceof HTMLInputElement)) return;
          event.preventDefault();
          onEnter();
        }}
      >
        <SearchInput
          value={filter.query}
          onChange={(query) => onChange({ ...filter, query })}
          label={i18n.t("wizard.searchTools")}
        />
      </div>
      <Select<Scope | typeof ANY>
        className="w-30"
        label={i18n.t("wizard.filterRisk")}
        value={filter.riskClass ?? ANY}
        onChange={(value) => onChange({ ...filter, riskClass: value === ANY ? null : value })}
        options={[
          { value: ANY, label: i18n.t("wizard.anyRisk") },
          ...SCOPES.map((value) => ({ value, label: riskText(value) })),
        ]}
      />
      <Checkbox
        checked={filter.selectedOnly}
        onChange={(selectedOnly) => onChange({ ...filter, selectedOnly })}
        label={
          <span className="whitespace-nowrap tabular-nums">{i18n.t("wizard.selectedOnly", { count: selected })}</span>
        }
      />
    </div>
  );
}
