import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { applyDecisions } from "../apply-decisions.ts";
import type { ChangedThing } from "../changed-things.ts";
import { draftOfPersona } from "../wizard-draft.ts";
import { kindText } from "./item-kind-text.ts";
import { DefinitionChanges } from "./definition-changes.tsx";
import type { PersonaView } from "./use-personas.ts";

type Decision = "undecided" | "accept" | "remove";
type ReviewChangesDialogProps = { view: PersonaView; changed: readonly ChangedThing[]; onClose: () => void };

/** Each change is accepted or what changed is taken out; nothing is preset, and what changes meanwhile is not accepted. */
export function ReviewChangesDialog({ view, changed, onClose }: ReviewChangesDialogProps) {
  // What the person is looking at stays as it is while they read.
  const [shown] = useState(changed);
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const { run, pending, error } = useCommand("personas.save");
  const decided = shown.every(({ key }) => (decisions.get(key) ?? "undecided") !== "undecided");
  const save = async () => {
    const accepted = shown.map((thing) => ({ thing, accepted: decisions.get(thing.key) === "accept" }));
    const draft = applyDecisions(draftOfPersona(view.row, view.bindings, view.apps), view.row.accepted, accepted);
    const answer = draft === null ? undefined : await run({ draft });
    if (answer !== undefined) onClose();
  };
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => {
        if (!open && !pending) onClose();
      }}
      title={i18n.t("personas.reviewTitle")}
      description={i18n.t("personas.reviewText")}
      footer={
        <>
          <Button onClick={onClose} disabled={pending}>
            {i18n.t("ui.cancel")}
          </Button>
          <Button variant="primary" disabled={!decided} pending={pending} onClick={() => void save()}>
            {i18n.t("personas.reviewAction")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {error && <ErrorState error={error} />}
        {shown.map(({ key, name, item, before, after }) => (
          <section key={key} aria-label={name} className="flex flex-col gap-3">
            <h3 className="flex flex-wrap items-baseline gap-x-2 font-mono text-base font-medium break-all">
              {name}
              {item !== null && <span className="font-sans text-sm font-normal text-muted">{kindText(item.kind)}</span>}
            </h3>
            <DefinitionChanges before={before} after={after} />
            <RadioGroup<Decision>
              label={i18n.t("personas.decisionFor", { tool: name })}
              orientation="horizontal"
              value={decisions.get(key) ?? "undecided"}
              onChange={(decision) => setDecisions(new Map(decisions).set(key, decision))}
              options={[
                { value: "accept", label: i18n.t("personas.acceptChange") },
                {
                  value: "remove",
                  label: item === null ? i18n.t("personas.removeTool") : i18n.t("items.takeOut"),
                },
              ]}
            />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
