import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";

type DeletePersonaDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  persona: { personaId: string; name: string };
  onDeleted?: () => void;
};

export function DeletePersonaDialog({ open, onOpenChange, persona, onDeleted }: DeletePersonaDialogProps) {
  const { run, pending, error, reset } = useCommand("personas.delete");
  const remove = async () => {
    const answer = await run({ personaId: persona.personaId });
    if (answer === undefined) return;
    onOpenChange(false);
    onDeleted?.();
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) reset();
        onOpenChange(next);
      }}
      title={i18n.t("personas.deleteTitle", { name: plainLine(persona.name) })}
      description={i18n.t("personas.deleteText")}
      action={i18n.t("personas.deleteAction")}
      typeToConfirm={plainLine(persona.name)}
      pending={pending}
      error={error && <ErrorState error={error} />}
      onConfirm={() => void remove()}
    />
  );
}
