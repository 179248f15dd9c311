import { useId, type ReactNode, type Ref } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorState } from "./error-state.tsx";
import type { useCommand } from "./use-command.ts";

type FormDialogProps = {
  title: string;
  description?: ReactNode;
  size?: "sm" | "md" | "lg";
  /** Something was typed that neither Escape nor a click beside it may lose. */
  locked?: boolean;
  /** What the main button says. */
  action: string;
  /** Whether there is nothing yet that could be submitted. */
  disabled?: boolean;
  /** The command that submitting runs. */
  command: Pick<ReturnType<typeof useCommand>, "pending" | "error">;
  onSubmit: () => void;
  onClose: () => void;
  formRef?: Ref<HTMLFormElement>;
  children: ReactNode;
};

/** A form with Cancel and one action. Stays open while the command runs. Mounted while open. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, size = "md", locked = false, action, disabled = false, command } = props;
  const { onSubmit, onClose, formRef, children } = props;
  const formId = useId();
  return (
    <Dialog
      open
      size={size}
      locked={locked}
      onOpenChange={(open) => {
        if (!open && !command.pending) onClose();
      }}
      title={title}
      {...(description !== undefined && { description })}
      footer={
        <>
          <Button onClick={onClose} disabled={command.pending}>
            {i18n.t("ui.cancel")}
          </Button>
          <Button type="submit" form={formId} variant="primary" disabled={disabled} pending={command.pending}>
            {action}
          </Button>
        </>
      }
    >
      <form
        ref={formRef}
        id={formId}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!command.pending && !disabled) onSubmit();
        }}
      >
        {command.error && <ErrorState error={command.error} />}
        {children}
      </form>
    </Dialog>
  );
}
