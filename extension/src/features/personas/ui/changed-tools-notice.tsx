import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { changedThings, type ChangedThing } from "../changed-things.ts";
import { Notice } from "../../../ui/notice.tsx";
import { ReviewChangesDialog } from "./review-changes-dialog.tsx";
import type { PersonaView } from "./use-personas.ts";

/** Says that an app changed what was approved of it, which is blocked until that is looked at. */
export function ChangedToolsNotice({ view }: { view: PersonaView }) {
  const [reviewing, setReviewing] = useState(false);
  const changed = changedThings(view.row.accepted, view.summary.slots, view);
  if (changed.length === 0) return null;
  return (
    <>
      <Notice
        title={titleOf(changed)}
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

function titleOf(changed: readonly ChangedThing[]): string {
  return changed.every((thing) => thing.item === null)
    ? i18n.t("personas.changedTools", changed.length)
    : i18n.t("items.changed", changed.length);
}
