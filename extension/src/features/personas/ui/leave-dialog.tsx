import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";

type LeaveDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  editing: boolean;
  onKeep: () => void;
  onDiscard: () => void;
};

export const LeaveDialog = ({ open, onOpenChange, editing, onKeep, onDiscard }: LeaveDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    size="sm"
    title={i18n.t("wizard.leaveTitle")}
    description={editing ? i18n.t("wizard.leaveEditText") : i18n.t("wizard.leaveText")}
    footer={
      <>
        <Button variant="danger-outline" className="me-auto" onClick={onDiscard}>
          {i18n.t("wizard.discard")}
        </Button>
        <Button onClick={() => onOpenChange(false)}>{i18n.t("wizard.stay")}</Button>
        <Button variant="primary" onClick={onKeep}>
          {i18n.t("wizard.keepDraft")}
        </Button>
      </>
    }
  >
    <p className="text-base text-muted">{i18n.t("wizard.leaveHint")}</p>
  </Dialog>
);
