import { ChevronRight } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { MAX_FAVOURITES, SEARCH_SUGGESTED_ABOVE, setSearch } from "../search-draft.ts";
import { countedFavourites, type WizardDraft } from "../wizard-draft.ts";

type ExposureOptionsProps = { draft: WizardDraft; onChange: (draft: WizardDraft) => void };

/** How the endpoint shows what was chosen: names, search mode, schemas. */
export function ExposureOptions({ draft, onChange }: ExposureOptionsProps) {
  const { search } = draft;
  const suggested = search === undefined && draft.tools.length > SEARCH_SUGGESTED_ABOVE;
  return (
    <div className="flex shrink-0 flex-col gap-3 border-t border-line pt-3">
      <Option
        title={i18n.t("wizard.prefixing")}
        hint={i18n.t("wizard.prefixingHint")}
        checked={draft.prefixing}
        onChange={(prefixing) => onChange({ ...draft, prefixing })}
      />
      <Option
        title={i18n.t("search.mode")}
        hint={
          search === undefined
            ? i18n.t("search.hint")
            : i18n.t("search.onHint", { count: countedFavourites(draft).length, most: MAX_FAVOURITES })
        }
        checked={search !== undefined}
        onChange={(on) => onChange(setSearch(draft, on))}
      />
      {suggested && (
        <div role="status" className="flex flex-col items-start gap-2 rounded-md bg-accent-soft px-3 py-2 text-sm">
          {i18n.t("search.suggested", { limit: SEARCH_SUGGESTED_ABOVE })}
          <Button size="sm" onClick={() => onChange(setSearch(draft, true))}>
            {i18n.t("search.turnOn")}
          </Button>
        </div>
      )}
      <details className="group" open={draft.lossless === true || undefined}>
        <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-sm font-medium text-muted">
          <ChevronRight
            aria-hidden
            className="size-4 transition-transform group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:rotate-90"
          />
          {i18n.t("wizard.advanced")}
        </summary>
        <div className="pt-2">
          <Option
            title={i18n.t("wizard.lossless")}
            hint={i18n.t("wizard.losslessHint")}
            checked={draft.lossless === true}
            onChange={(on) => {
              const { lossless: _, ...rest } = draft;
              onChange(on ? { ...rest, lossless: true } : rest);
            }}
          />
        </div>
      </details>
    </div>
  );
}

type OptionProps = { title: string; hint: string; checked: boolean; onChange: (checked: boolean) => void };

const Option = ({ title, hint, checked, onChange }: OptionProps) => (
  <div className="flex items-start justify-between gap-3">
    <div className="min-w-0">
      <p className="text-base font-medium">{title}</p>
      <p className="text-sm text-muted">{hint}</p>
    </div>
    <Switch label={title} checked={checked} onChange={onChange} />
  </div>
);
