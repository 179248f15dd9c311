import { SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { SearchInput } from "../../../ui/search-input.tsx";
import { Select } from "../../../ui/select.tsx";
import { groupPersonaTools, TOOL_STATES, type ToolView } from "../persona-tools.ts";
import type { CallerReach } from "../missing-tool.ts";
import { OFFER_PARTS, offerOf, partOf, type OfferPart } from "../offer-draft.ts";
import { countKinds } from "../count-offers.ts";
import { filterItems, viewItems } from "../persona-items.ts";
import type { ToolState } from "../tool-state.ts";
import { MissingToolBox } from "./missing-tool-box.tsx";
import { partText } from "./item-part-row.tsx";
import { PersonaItems } from "./persona-items-list.tsx";
import { PersonaToolRow } from "./persona-tool-row.tsx";
import { offersText } from "./offers-text.ts";
import { ToolDialog } from "./tool-dialog.tsx";
import { toolStateText } from "./tool-state-badge.tsx";
import type { PersonaView } from "./use-personas.ts";

type Kind = "any" | "tools" | OfferPart;

/** Every tool, resource and prompt of the persona, with what a call of it would meet now. */
export function ToolsTab({ view, callers }: { view: PersonaView; callers: readonly CallerReach[] }) {
  const [query, setQuery] = useState("");
  const [state, setState] = useState<ToolState | "any">("any");
  const [kind, setKind] = useState<Kind>("any");
  const [opened, setOpened] = useState<ToolView | null>(null);
  const groups = useMemo(
    () =>
      kind === "any" || kind === "tools"
        ? groupPersonaTools(view.row.accepted, view.summary.slots, view.tools, { query, state })
        : [],
    [view, query, state, kind],
  );
  const hasItems = OFFER_PARTS.some((part) => view.row.accepted.slots.some((slot) => offerOf(slot, part) !== "none"));
  const found = groups.reduce((sum, group) => sum + group.tools.length, 0);
  const items = useMemo(
    () =>
      filterItems(viewItems(view.row.accepted, view.summary.slots, view.items), { query, state }).filter(
        ({ item }) => kind === "any" || kind === partOf(item.kind),
      ),
    [view, query, state, kind],
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput
          value={query}
          onChange={setQuery}
          label={i18n.t("personas.searchTools")}
          className="w-full sm:max-w-xs"
        />
        {hasItems && (
          <Select
            className="w-36"
            label={i18n.t("items.filterKind")}
            value={kind}
            onChange={setKind}
            options={[
              { value: "any", label: i18n.t("items.anyKind") },
              { value: "tools", label: i18n.t("items.tools") },
              ...OFFER_PARTS.map((part) => ({ value: part, label: partText(part) })),
            ]}
          />
        )}
        <Select
          className="w-44"
          label={i18n.t("personas.filterState")}
          value={state}
          onChange={setState}
          options={[
            { value: "any", label: i18n.t("personas.anyState") },
            ...TOOL_STATES.map((value) => ({ value, label: toolStateText(value) })),
          ]}
        />
        <span role="status" className="text-sm text-muted tabular-nums">
          {[
            ...(found > 0 || items.length === 0 ? [i18n.t("personas.tools", found)] : []),
            ...offersText(countKinds(items.map(({ item }) => item))),
          ].join(" · ")}
        </span>
      </div>
      <MissingToolBox view={view} callers={callers} />
      {groups.length === 0 && items.length === 0 && (
        <Card>
          <EmptyState icon={SearchX} title={i18n.t("personas.noToolMatch")} text={i18n.t("personas.noToolMatchText")} />
        </Card>
      )}
      {groups.map((group) => (
        <section key={group.slot.slotId} aria-label={group.slot.name} className="flex flex-col gap-2">
          <h2 className="flex items-center gap-2 text-base font-semibold">
            <AppIcon name={group.slot.name} url={group.slot.appUrl} size="sm" />
            {group.slot.name}
            {group.slot.candidates.length > 1 && group.slot.connection !== null && (
              <span className="font-normal text-muted">{plainLine(group.slot.connection.label)}</span>
            )}
            <span className="font-normal text-muted tabular-nums">{group.tools.length}</span>
          </h2>
          <Card>
            <ul aria-label={i18n.t("personas.toolsOf", { app: group.slot.name })} className="divide-y divide-line">
              {group.tools.map((tool) => (
                <PersonaToolRow key={tool.exposedName} tool={tool} onOpen={() => setOpened(tool)} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
      <PersonaItems view={view} items={items} />
      {opened !== null && <ToolDialog tool={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}
