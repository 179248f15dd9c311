import type { AccessKey } from "@agent-personas/shared/api/personas";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { LastUse } from "./last-use.tsx";

type StopKeyDialogProps = {
  accessKey: AccessKey;
  /** Disabling can be undone, revoking cannot. */
  how: "disable" | "revoke";
  onClose: () => void;
  onChanged: () => void;
};

/** Mounted while open. */
export function StopKeyDialog({ accessKey, how, onClose, onChanged }: StopKeyDialogProps) {
  const edit = useCommand("keys.edit");
  const revoke = useCommand("keys.revoke");
  const { keyId, name } = accessKey;
  const error = edit.error ?? revoke.error;
  const stop = async () => {
    const answer =
      how === "revoke" ? await revoke.run({ keyId }) : await edit.run({ keyId, changes: { disabled: true } });
    if (answer === undefined) return;
    onChanged();
    onClose();
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={how === "revoke" ? i18n.t("keys.revokeTitle", { name }) : i18n.t("keys.disableTitle", { name })}
      description={
        <>
          <p>{how === "revoke" ? i18n.t("keys.revokeText") : i18n.t("keys.disableText")}</p>
          <LastUse accessKey={accessKey} className="mt-3 text-sm" />
        </>
      }
      action={how === "revoke" ? i18n.t("keys.revokeAction") : i18n.t("keys.disableAction")}
      tone={how === "revoke" ? "danger" : "primary"}
      pending={edit.pending || revoke.pending}
      error={error && <ErrorState error={error} />}
      onConfirm={() => void stop()}
    />
  );
}
