import { ChevronRight } from "lucide-react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { countOffers, offeredItems } from "../count-offers.ts";
import { toolKey } from "../draft-state.ts";
import type { ListedItem } from "../listed-items.ts";
import { offerOf } from "../offer-draft.ts";
import type { ToolGroup } from "../tool-groups.ts";
import { isUsed, type WizardDraft } from "../wizard-draft.ts";
import { kindText } from "./item-kind-text.ts";
import { offersText } from "./offers-text.ts";
import type { NamePreview } from "./use-name-preview.ts";

type ReviewGroupProps = { group: ToolGroup; draft: WizardDraft; preview: NamePreview };

/** What the persona takes of one account of an app, under the names that AI clients see. */
export function ReviewGroup({ group, draft, preview }: ReviewGroupProps) {
  const slot = draft.slots.find((candidate) => candidate.slotId === group.slotId);
  if (slot === undefined || !isUsed(draft, slot)) return null;
  const tools = draft.tools.filter((tool) => tool.slotId === slot.slotId);
  const nameOf = ({ kind, id, label }: ListedItem) =>
    kind === "prompt" ? (preview.prompts.get(toolKey({ slotId: slot.slotId, originalName: id })) ?? label) : label;
  return (
    <li>
      <details className="group">
        <summary className="flex w-fit list-none flex-wrap items-center gap-2 rounded-sm">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90 rtl:-scale-x-100"
          />
          <AppIcon name={group.title} url={group.app?.url ?? group.groupId} size="sm" />
          <span className="font-medium">{group.title}</span>
          {group.account !== null && <span className="text-muted">{group.account}</span>}
          {tools.length > 0 && <Badge>{i18n.t("personas.tools", tools.length)}</Badge>}
          {offersText(countOffers(draft, [group])).map((text) => (
            <Badge key={text}>{text}</Badge>
          ))}
          {offerOf(slot, "resources") === "all" && <Badge tone="warning">{i18n.t("items.anyAddress")}</Badge>}
        </summary>
        <ul className="mt-1.5 flex flex-col gap-0.5 ps-13">
          {tools.map((tool) => (
            <li key={tool.originalName} className="font-mono text-sm break-all text-muted">
              {preview.names.get(toolKey(tool)) ?? plainLine(tool.originalName)}
              {tool.policy === "never" && ` · ${i18n.t("personas.toolNever")}`}
            </li>
          ))}
          {offeredItems(draft, group).map((item) => (
            <li key={`${item.kind} ${item.id}`} className="font-mono text-sm break-all text-muted">
              {nameOf(item)}
              <span className="ms-1.5 font-sans text-faint">{kindText(item.kind)}</span>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
