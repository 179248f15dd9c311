import { i18n } from "#i18n";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import type { CurrentRoute } from "./use-route.ts";

/** Before a page goes that shows a secret nobody said they kept. */
export const LeaveUnsavedDialog = ({ leaving }: { leaving: CurrentRoute["leaving"] }) => (
  <AlertDialog
    open={leaving !== null}
    onOpenChange={(open) => {
      if (!open) leaving?.stay();
    }}
    title={i18n.t("ui.leaveTitle")}
    description={i18n.t("ui.leaveText")}
    action={i18n.t("ui.leaveAction")}
    onConfirm={() => leaving?.leave()}
  />
);
