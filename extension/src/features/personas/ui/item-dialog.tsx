import type { ReactNode } from "react";
import { i18n } from "#i18n";
import type { ItemRow } from "../../../db/rows.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { DefinitionChanges } from "./definition-changes.tsx";
import { DefinitionView } from "./definition-view.tsx";

type ItemDialogProps = {
  title: string;
  badges?: ReactNode;
  definition: ItemRow["definition"];
  /** What the app lists now, when that is something else. */
  listed: ItemRow["definition"] | null;
  onClose: () => void;
};

/** What was approved of a resource, template or prompt, and what its app changed since. Mounted while open. */
export function ItemDialog({ title, badges, definition, listed, onClose }: ItemDialogProps) {
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      description={badges}
    >
      <div className="flex flex-col gap-5">
        {listed !== null && (
          <section aria-label={i18n.t("personas.changedSince")} className="flex flex-col gap-2">
            <h3 className="text-base font-semibold">{i18n.t("personas.changedSince")}</h3>
            <DefinitionChanges before={definition} after={listed} />
          </section>
        )}
        <DefinitionView definition={definition} />
      </div>
    </Dialog>
  );
}
