import { useState } from "react";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { SecretField } from "../../../ui/secret-field.tsx";
import { Section } from "../../../ui/section.tsx";
import { useCommand } from "../../../ui/use-command.ts";

export function RecoverySection() {
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const create = useCommand("relay.new-recovery-code");
  const confirm = async () => {
    const answer = await create.run({});
    if (!answer) return;
    setAsking(false);
    setSaved(false);
    setCode(answer.recoveryCode);
  };
  return (
    <Section title={i18n.t("settings.recovery")}>
      <Card className="flex flex-wrap items-center justify-between gap-3 p-4">
        <p className="min-w-0 flex-1 basis-60 text-base text-muted">{i18n.t("settings.recoveryText")}</p>
        <Button onClick={() => setAsking(true)}>{i18n.t("settings.newRecoveryCode")}</Button>
      </Card>
      <AlertDialog
        open={asking}
        onOpenChange={(next) => {
          setAsking(next);
          create.reset();
        }}
        title={i18n.t("settings.newRecoveryTitle")}
        description={i18n.t("settings.newRecoveryText")}
        action={i18n.t("settings.newRecoveryCode")}
        tone="primary"
        pending={create.pending}
        error={create.error && <ErrorState error={create.error} />}
        onConfirm={() => void confirm()}
      />
      <Dialog
        open={code !== null}
        onOpenChange={() => setCode(null)}
        locked
        title={i18n.t("settings.recoveryCode")}
        footer={
          <Button variant="primary" disabled={!saved} onClick={() => setCode(null)}>
            {i18n.t("settings.done")}
          </Button>
        }
      >
        {code !== null && (
          <SecretField
            secret={code}
            label={i18n.t("settings.recoveryCode")}
            hint={i18n.t("settings.recoveryHint")}
            saved={saved}
            onSavedChange={setSaved}
          />
        )}
      </Dialog>
    </Section>
  );
}
