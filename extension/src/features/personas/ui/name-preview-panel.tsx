import { memo, useMemo } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { chosenSizes } from "../chosen-sizes.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { measureTools } from "../tool-meter.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { MeterView } from "./meter-view.tsx";
import type { NamePreview } from "./use-name-preview.ts";

const SHOWN = 300;

type NamePreviewPanelProps = {
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  groups: readonly ToolGroup[];
  preview: NamePreview;
};

/** What AI clients will be shown: names as saving gives them, and their size. Memoised: typing a search is not its affair. */
export const NamePreviewPanel = memo(function NamePreviewPanel(props: NamePreviewPanelProps) {
  const { draft, onChange, groups, preview } = props;
  const tools = useMemo(() => chosenSizes(draft, groups, preview.names), [draft, groups, preview.names]);
  const names = useMemo(() => {
    // One collator: comparing 1,000 names each with its own takes longer than a frame.
    const { compare } = new Intl.Collator();
    return tools.map((tool) => tool.exposedName).toSorted(compare);
  }, [tools]);
  const meter = useMemo(() => measureTools(tools), [tools]);
  const more = names.length - SHOWN;
  return (
    <Card className="flex max-h-[max(24rem,calc(100dvh-18rem))] min-w-0 flex-col gap-4 p-4 xl:sticky xl:top-8 xl:self-start">
      <MeterView meter={meter} />
      <section
        aria-label={i18n.t("wizard.preview")}
        className="flex min-h-0 flex-col gap-1.5 border-t border-line pt-3"
      >
        <div className="mb-1 flex items-start justify-between gap-3">
          <div className="min-w-0">
            <p className="text-base font-medium">{i18n.t("wizard.prefixing")}</p>
            <p className="text-sm text-muted">{i18n.t("wizard.prefixingHint")}</p>
          </div>
          <Switch
            label={i18n.t("wizard.prefixing")}
            checked={draft.prefixing}
            onChange={(prefixing) => onChange({ ...draft, prefixing })}
          />
        </div>
        <h3 className="text-sm font-medium">{i18n.t("wizard.preview")}</h3>
        {names.length === 0 ? (
          <p className="text-sm text-muted">{i18n.t("wizard.previewEmpty")}</p>
        ) : (
          <ul
            aria-label={i18n.t("wizard.preview")}
            tabIndex={0}
            className="min-h-0 overflow-y-auto rounded-sm max-xl:max-h-48"
          >
            {names.slice(0, SHOWN).map((name, index) => (
              // Names may be there twice while they are not known yet or collide.
              <li key={`${name} ${index}`} className="py-0.5 font-mono text-xs break-all text-muted">
                {name}
              </li>
            ))}
            {more > 0 && <li className="py-0.5 text-sm text-muted">{i18n.t("wizard.previewMore", more)}</li>}
          </ul>
        )}
      </section>
    </Card>
  );
});
