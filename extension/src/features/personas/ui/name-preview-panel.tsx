import { memo, useMemo } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { chosenSizes } from "../chosen-sizes.ts";
import { listedAtEndpoint } from "../search-draft.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { measureTools } from "../tool-meter.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { ExposureOptions } from "./exposure-options.tsx";
import { MeterView } from "./meter-view.tsx";
import type { NamePreview } from "./use-name-preview.ts";
import { compareNames } from "../../../lib/compare-names.ts";

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
  const tools = useMemo(
    () => listedAtEndpoint(draft, chosenSizes(draft, groups, preview.names)),
    [draft, groups, preview.names],
  );
  const prompts = [...preview.prompts.values()];
  const names = useMemo(() => {
    // One collator: comparing 1,000 names each with its own takes longer than a frame.
    return tools.map((tool) => tool.exposedName).toSorted(compareNames);
  }, [tools]);
  const meter = useMemo(() => measureTools(tools), [tools]);
  const more = names.length - SHOWN;
  return (
    <Card className="flex min-w-0 flex-col gap-4 overflow-y-auto p-4 xl:sticky xl:top-8 xl:max-h-[max(24rem,calc(100dvh-18rem))] xl:self-start">
      <MeterView meter={meter} />
      <ExposureOptions draft={draft} onChange={onChange} />
      <section
        aria-label={i18n.t("wizard.preview")}
        className="flex flex-col gap-1.5 xl:min-h-36 border-t border-line pt-3"
      >
        <h3 className="text-sm font-medium">{i18n.t("wizard.preview")}</h3>
        {names.length + prompts.length === 0 ? (
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
            {prompts.slice(0, SHOWN).map((name, index) => (
              <li key={`prompt ${name} ${index}`} className="py-0.5 font-mono text-xs break-all text-muted">
                {name}
                <span className="ms-1.5 font-sans text-faint">{i18n.t("items.prompt")}</span>
              </li>
            ))}
            {more > 0 && <li className="py-0.5 text-sm text-muted">{i18n.t("wizard.previewMore", more)}</li>}
          </ul>
        )}
      </section>
    </Card>
  );
});
