import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { useId, useState } from "react";
import { i18n } from "#i18n";
import { BudgetFields } from "../../../ui/budget-fields.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
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
  const formId = useId();
  const [form, setForm] = useState(() => formOfLimits(settings));
  const [tried, setTried] = useState(false);
  const { run, pending, error } = useCommand("limits.set");
  const { limits, problems } = readLimits(form, relay);
  const shown = tried ? problems : [];
  const save = async () => {
    setTried(true);
    if (problems.length > 0) return;
    if ((await run({ personaId: persona?.personaId ?? null, limits })) === undefined) return;
    onSaved();
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open && !pending) onClose();
      }}
      title={persona === null ? i18n.t("limits.editOwn") : i18n.t("limits.editPersona", { name: persona.name })}
      description={persona === null ? i18n.t("limits.editOwnText") : i18n.t("limits.editPersonaText")}
      footer={
        <>
          <Button onClick={onClose} disabled={pending}>
            {i18n.t("ui.cancel")}
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={pending}>
            {i18n.t("limits.save")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {error && <ErrorState error={error} />}
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
      </form>
    </Dialog>
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
