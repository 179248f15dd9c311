import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { toolState } from "../tool-state.ts";
import { Notice } from "../../../ui/notice.tsx";
import { ReviewChangesDialog, type ChangedTool } from "./review-changes-dialog.tsx";
import type { PersonaView } from "./use-personas.ts";

/** Says that an app changed approved tools, whose calls are blocked until that is looked at. */
export function ChangedToolsNotice({ view }: { view: PersonaView }) {
  const [reviewing, setReviewing] = useState(false);
  const changed = changedTools(view);
  if (changed.length === 0) return null;
  return (
    <>
      <Notice
        title={i18n.t("personas.changedTools", changed.length)}
        action={
          <Button size="sm" variant="primary" onClick={() => setReviewing(true)}>
            {i18n.t("personas.reviewChanges")}
          </Button>
        }
      >
        {i18n.t("personas.changedToolsText")}
      </Notice>
      {reviewing && <ReviewChangesDialog view={view} changed={changed} onClose={() => setReviewing(false)} />}
    </>
  );
}

function changedTools(view: PersonaView): ChangedTool[] {
  const { accepted } = view.row;
  return accepted.tools.flatMap((tool) => {
    const connection = view.summary.slots.find((slot) => slot.slotId === tool.slotId)?.connection ?? null;
    const row = view.tools.find(
      (candidate) => candidate.connectionId === connection?.connectionId && candidate.name === tool.originalName,
    );
    if (row === undefined || toolState(accepted, tool, { connection, row }) !== "changed") return [];
    return [{ tool, after: row.definition, pin: row.pin }];
  });
}
