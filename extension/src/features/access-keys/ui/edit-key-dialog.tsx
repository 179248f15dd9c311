import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { useState } from "react";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { formOfKey, keyFormProblems, toCreateKey } from "../key-form.ts";
import { widens } from "../key-view.ts";
import { BudgetFieldset } from "./budget-fieldset.tsx";
import { nameProblemText, scopeProblemText } from "./key-problem-text.ts";
import { LastUse } from "./last-use.tsx";
import { ScopeFields } from "./scope-fields.tsx";

type EditKeyDialogProps = {
  accessKey: AccessKey;
  byScope: Record<Scope, string[]>;
  onClose: () => void;
  onChanged: () => void;
};

/** Name, scopes, tools and budget of a key. Letting it do more is asked for first. Mounted while open. */
export function EditKeyDialog({ accessKey, byScope, onClose, onChanged }: EditKeyDialogProps) {
  const [form, setForm] = useState(() => formOfKey(accessKey));
  const [asking, setAsking] = useState(false);
  const command = useCommand("keys.edit");
  const problems = keyFormProblems(form, byScope);
  const wanted = toCreateKey(form, byScope);
  const save = async () => {
    const { name, scopes, tools, budget } = wanted;
    const answer = await command.run({ keyId: accessKey.keyId, changes: { name, scopes, tools, budget } });
    setAsking(false);
    if (answer === undefined) return;
    onChanged();
    onClose();
  };
  const submit = () => {
    if (problems.length > 0) return;
    if (widens(accessKey, wanted)) setAsking(true);
    else void save();
  };
  return (
    <>
      <FormDialog
        title={i18n.t("keys.editTitle", { name: accessKey.name })}
        action={i18n.t("keys.editAction")}
        command={command}
        onSubmit={submit}
        onClose={onClose}
      >
        <Field label={i18n.t("keys.name")} error={nameProblemText(problems)} required>
          <Input
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
            autoComplete="off"
          />
        </Field>
        <ScopeFields form={form} onChange={setForm} byScope={byScope} error={scopeProblemText(problems)} />
        <BudgetFieldset form={form} onChange={setForm} problems={problems} />
      </FormDialog>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={i18n.t("keys.widenTitle")}
        description={
          <>
            <p>{i18n.t("keys.widenText", { name: accessKey.name })}</p>
            <LastUse accessKey={accessKey} className="mt-2" />
          </>
        }
        action={i18n.t("keys.widenAction")}
        tone="primary"
        pending={command.pending}
        onConfirm={() => void save()}
      />
    </>
  );
}
