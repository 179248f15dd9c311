import { useState } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { OFFER_PARTS, partOf } from "../offer-draft.ts";
import type { ItemView } from "../persona-items.ts";
import { ItemDialog } from "./item-dialog.tsx";
import { kindText } from "./item-kind-text.ts";
import { partText } from "./item-part-row.tsx";
import { PlainText } from "../../../ui/plain-text.tsx";
import { ToolStateBadge } from "./tool-state-badge.tsx";
import type { PersonaView } from "./use-personas.ts";

type PersonaItemsProps = { view: PersonaView; items: readonly ItemView[] };

/** The persona's resources and prompts, with what reading them would meet now. */
export function PersonaItems({ view, items }: PersonaItemsProps) {
  const [opened, setOpened] = useState<ItemView | null>(null);
  const apps = new Map(view.summary.slots.map((slot) => [slot.slotId, plainLine(slot.name)]));
  return (
    <>
      {OFFER_PARTS.map((part) => {
        const shown = items.filter(({ item }) => partOf(item.kind) === part);
        if (shown.length === 0) return null;
        return (
          <section key={part} aria-label={partText(part)} className="flex flex-col gap-2">
            <h2 className="flex items-center gap-2 text-base font-semibold">
              {partText(part)}
              <span className="font-normal text-muted tabular-nums">{shown.length}</span>
            </h2>
            <Card>
              <ul aria-label={partText(part)} className="divide-y divide-line">
                {shown.map((each) => (
                  <ItemRow
                    key={each.key}
                    view={each}
                    app={apps.get(each.item.slotId) ?? ""}
                    onOpen={() => setOpened(each)}
                  />
                ))}
              </ul>
            </Card>
          </section>
        );
      })}
      {opened !== null && (
        <ItemDialog
          title={plainLine(opened.item.exposedName)}
          badges={
            <span className="flex flex-wrap gap-2">
              <Badge>{kindText(opened.item.kind)}</Badge>
              <ToolStateBadge state={opened.state} />
            </span>
          }
          definition={opened.item.definition}
          listed={opened.listed?.definition ?? null}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}

function ItemRow({ view, app, onOpen }: { view: ItemView; app: string; onOpen: () => void }) {
  const { item, title, description, state } = view;
  const name = plainLine(item.exposedName);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <code dir="ltr" className="font-mono text-sm font-medium break-all">
            {name}
          </code>
          {title !== null && <span className="text-sm text-muted">{title}</span>}
        </div>
        {description !== null && (
          <p className="mt-0.5 line-clamp-2 text-sm text-muted">
            <PlainText text={description} className="whitespace-normal" />
          </p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 max-sm:w-full">
        <span className="text-sm text-muted">{app}</span>
        {item.kind === "template" && <Badge>{kindText("template")}</Badge>}
        <ToolStateBadge state={state} />
        <Button
          size="sm"
          variant="ghost"
          className="-me-2.5 max-sm:ms-auto"
          onClick={onOpen}
          aria-label={i18n.t("personas.definitionOf", { tool: name })}
        >
          {i18n.t("personas.definition")}
        </Button>
      </div>
    </li>
  );
}
