import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { useState } from "react";
import { i18n } from "#i18n";
import { BudgetFields } from "../../../ui/budget-fields.tsx";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { Input } from "../../../ui/input.tsx";
import { countText, moneyText } from "../../../ui/money-text.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { formOfLimits, readLimits, type LimitsProblem } from "../limits-form.ts";

type LimitsDialogProps = {
  /** null is the person. */
  persona: { personaId: string; name: string } | null;
  settings: LimitSettings;
  relay: LimitSettings;
  onClose: () => void;
  onSaved: () => void;
};

/** Sets the limits of the person or of one persona. Mounted while open. */
export function LimitsDialog({ persona, settings, relay, onClose, onSaved }: LimitsDialogProps) {
  const [form, setForm] = useState(() => formOfLimits(settings));
  const [tried, setTried] = useState(false);
  const command = useCommand("limits.set");
  const { limits, problems } = readLimits(form, relay);
  const shown = tried ? problems : [];
  const save = async () => {
    setTried(true);
    if (problems.length > 0) return;
    if ((await command.run({ personaId: persona?.personaId ?? null, limits })) === undefined) return;
    onSaved();
    onClose();
  };
  return (
    <FormDialog
      title={persona === null ? i18n.t("limits.editOwn") : i18n.t("limits.editPersona", { name: persona.name })}
      description={persona === null ? i18n.t("limits.editOwnText") : i18n.t("limits.editPersonaText")}
      action={i18n.t("limits.save")}
      command={command}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <Field
        label={i18n.t("limits.rateField")}
        error={rateProblemText(shown, relay)}
        hint={persona === null ? i18n.t("limits.rateHint") : i18n.t("limits.ratePersonaHint")}
      >
        <Input
          value={form.rate}
          onChange={(event) => setForm({ ...form, rate: event.target.value })}
          inputMode="numeric"
          autoComplete="off"
          placeholder={relay.requestsPerMinute === null ? i18n.t("usage.noLimit") : String(relay.requestsPerMinute)}
        />
      </Field>
      <BudgetFields
        value={form.budget}
        onChange={(budget) => setForm({ ...form, budget })}
        errors={{ calls: callsProblemText(shown, relay), dollars: costProblemText(shown, relay) }}
      />
    </FormDialog>
  );
}

function rateProblemText(problems: readonly LimitsProblem[], { requestsPerMinute }: LimitSettings): string | null {
  if (problems.includes("rate")) return i18n.t("limits.rateWrong");
  return problems.includes("rateAboveRelay") ? aboveText(countText, requestsPerMinute) : null;
}

function callsProblemText(problems: readonly LimitsProblem[], { budget }: LimitSettings): string | null {
  if (problems.includes("calls")) return i18n.t("usage.callsWrong");
  return problems.includes("callsAboveRelay") ? aboveText(countText, budget.calls) : null;
}

function costProblemText(problems: readonly LimitsProblem[], { budget }: LimitSettings): string | null {
  if (problems.includes("dollars")) return i18n.t("usage.costWrong");
  return problems.includes("dollarsAboveRelay") ? aboveText(moneyText, budget.cents) : null;
}

const aboveText = (format: (value: number) => string, limit: number | null): string | null =>
  limit === null ? null : i18n.t("limits.aboveRelay", { limit: format(limit) });
