import type { CreatedKey } from "@agent-personas/shared/api/personas";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { useRef, useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { Input } from "../../../ui/input.tsx";
import { SecretField } from "../../../ui/secret-field.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { keyFormProblems, newKeyForm, toCreateKey } from "../key-form.ts";
import { BudgetFieldset } from "./budget-fieldset.tsx";
import { DeviceField } from "./device-field.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { nameProblemText, scopeProblemText } from "./key-problem-text.ts";
import { ScopeFields } from "./scope-fields.tsx";

export type KeyDialogProps = {
  onClose: () => void;
  personaId: string;
  byScope: Record<Scope, string[]>;
  /** Filled in for a key made for one client. */
  name?: string;
  /** The page asks for it to be saved beside where it is used, so the dialog need not. */
  secretShownElsewhere?: boolean;
  onCreated: (created: CreatedKey) => void;
};

/** Makes a key, then shows its secret once. Mounted while open. */
export function KeyDialog(props: KeyDialogProps) {
  const [created, setCreated] = useState<CreatedKey | null>(null);
  if (created !== null) return <KeySecretDialog created={created} onClose={props.onClose} />;
  return (
    <NewKeyDialog
      {...props}
      onCreated={(answer) => {
        props.onCreated(answer);
        if (props.secretShownElsewhere) props.onClose();
        else setCreated(answer);
      }}
    />
  );
}

function NewKeyDialog({ onClose, personaId, byScope, name, onCreated }: KeyDialogProps) {
  const element = useRef<HTMLFormElement>(null);
  const [form, setForm] = useState(() => newKeyForm(name));
  const [tried, setTried] = useState(false);
  const command = useCommand("keys.create");
  const problems = tried ? keyFormProblems(form, byScope) : [];
  const create = async () => {
    setTried(true);
    if (keyFormProblems(form, byScope).length > 0) {
      // After the messages are drawn; in a long form they may be out of sight.
      setTimeout(() => element.current?.querySelector("[role=alert]")?.scrollIntoView({ block: "center" }));
      return;
    }
    const answer = await command.run({ personaId, key: toCreateKey(form, byScope) });
    if (answer !== undefined) onCreated(answer);
  };
  return (
    <FormDialog
      title={i18n.t("keys.createTitle")}
      description={i18n.t("keys.createText")}
      action={i18n.t("keys.createAction")}
      command={command}
      onSubmit={() => void create()}
      onClose={onClose}
      formRef={element}
    >
      <Field label={i18n.t("keys.name")} hint={i18n.t("keys.nameHint")} error={nameProblemText(problems)} required>
        <Input
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.target.value })}
          placeholder={i18n.t("keys.namePlaceholder")}
          autoComplete="off"
        />
      </Field>
      <ExpiryField value={form.expires} onChange={(expires) => setForm({ ...form, expires })} />
      <ScopeFields form={form} onChange={setForm} byScope={byScope} error={scopeProblemText(problems)} />
      <BudgetFieldset form={form} onChange={setForm} problems={problems} />
      <DeviceField value={form.deviceId} onChange={(deviceId) => setForm({ ...form, deviceId })} />
    </FormDialog>
  );
}

function KeySecretDialog({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  const [saved, setSaved] = useState(false);
  return (
    <Dialog
      open
      locked
      onOpenChange={() => undefined}
      title={i18n.t("keys.createdTitle")}
      description={i18n.t("keys.createdText", { name: created.key.name })}
      footer={
        <Button variant="primary" disabled={!saved} onClick={onClose}>
          {i18n.t("keys.done")}
        </Button>
      }
    >
      <SecretField
        secret={created.secret}
        label={i18n.t("keys.secret")}
        hint={i18n.t("keys.secretHint")}
        saved={saved}
        onSavedChange={setSaved}
      />
    </Dialog>
  );
}
