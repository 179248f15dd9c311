import { useState } from "react";
import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { navigate } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import type { AppSummary } from "./app-view.ts";
import { PersonaNames } from "./persona-names.tsx";

export function AppDangerZone({ app, personas }: { app: AppRow; personas: AppSummary["personas"] }) {
  const [open, setOpen] = useState(false);
  const remove = useCommand("apps.remove");
  const toast = useToast();
  const confirm = async () => {
    if ((await remove.run({ appId: app.appId })) === undefined) return;
    navigate({ page: "apps" }, { replace: true });
    toast(i18n.t("apps.removed", { app: app.name }));
  };
  return (
    <Section title={i18n.t("apps.dangerZone")}>
      <Card className="flex flex-wrap items-center justify-between gap-3 border-danger/40 p-4">
        <div className="min-w-0">
          <p className="text-base font-medium">{i18n.t("apps.remove", { app: app.name })}</p>
          <p className="text-base text-muted">{i18n.t("apps.removeText")}</p>
        </div>
        <Button variant="danger-outline" onClick={() => setOpen(true)}>
          {i18n.t("apps.removeAction")}
        </Button>
      </Card>
      <AlertDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          remove.reset();
        }}
        title={i18n.t("apps.removeTitle", { app: app.name })}
        description={i18n.t("apps.removeText")}
        action={i18n.t("apps.removeAction")}
        typeToConfirm={app.name}
        pending={remove.pending}
        error={remove.error && <ErrorState error={remove.error} />}
        onConfirm={() => void confirm()}
      >
        <PersonaNames personas={personas} lead={i18n.t("apps.disconnectAffects")} />
      </AlertDialog>
    </Section>
  );
}
