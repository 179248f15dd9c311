import { i18n } from "#i18n";
import { Dialog } from "../../../ui/dialog.tsx";
import { navigate } from "../../../ui/route.ts";
import { AddAppFlow } from "./add-app-flow.tsx";

export function AddAppDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={i18n.t("apps.add")}>
      <AddAppFlow
        onDone={(appId) => {
          onOpenChange(false);
          navigate({ page: "app", appId });
        }}
      />
    </Dialog>
  );
}
