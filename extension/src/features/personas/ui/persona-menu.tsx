import { EllipsisVertical, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { DropdownMenu, type MenuItem } from "../../../ui/dropdown-menu.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { navigate } from "../../../ui/route.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { useToast } from "../../../ui/toast.tsx";
import { plainLine } from "../../../lib/hidden-characters.ts";
import type { PersonaSummary } from "../persona-summary.ts";
import { DeletePersonaDialog } from "./delete-persona-dialog.tsx";

type PersonaMenuProps = {
  persona: Pick<PersonaSummary, "personaId" | "name" | "paused">;
  /** Where Edit is not a button of its own. */
  withEdit?: boolean;
  onDeleted?: () => void;
};

/** Pause or resume at once; delete after its name was typed. */
export function PersonaMenu({ persona, withEdit = false, onDeleted }: PersonaMenuProps) {
  const [deleting, setDeleting] = useState(false);
  const status = useCommand("personas.set-status");
  const toast = useToast();
  const { personaId, paused } = persona;
  const name = plainLine(persona.name);
  const toggle = async () => {
    const answer = await status.run({ personaId, status: paused ? "active" : "paused" });
    if (answer !== undefined)
      toast(paused ? i18n.t("personas.resumed", { name }) : i18n.t("personas.paused", { name }));
  };
  const items: MenuItem[] = [
    ...(withEdit
      ? [
          {
            label: i18n.t("personas.edit"),
            icon: Pencil,
            onSelect: () => navigate({ page: "persona-edit", personaId }),
          },
        ]
      : []),
    {
      label: paused ? i18n.t("personas.resume") : i18n.t("personas.pause"),
      icon: paused ? Play : Pause,
      disabled: status.pending,
      onSelect: () => void toggle(),
    },
    "separator",
    { label: i18n.t("personas.delete"), icon: Trash2, tone: "danger", onSelect: () => setDeleting(true) },
  ];
  return (
    <>
      {status.error && (
        <span role="alert" className="text-sm text-danger-ink">
          {status.error.message}
        </span>
      )}
      <DropdownMenu items={items}>
        <IconButton label={i18n.t("personas.actionsFor", { name })}>
          <EllipsisVertical aria-hidden />
        </IconButton>
      </DropdownMenu>
      <DeletePersonaDialog
        open={deleting}
        onOpenChange={setDeleting}
        persona={persona}
        {...(onDeleted !== undefined && { onDeleted })}
      />
    </>
  );
}
