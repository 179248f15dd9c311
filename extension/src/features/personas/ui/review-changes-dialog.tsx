import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { toolKey, toPersonaDraft } from "../draft-state.ts";
import { draftOfPersona } from "../wizard-draft.ts";
import { DefinitionChanges } from "./definition-changes.tsx";
import type { PersonaView } from "./use-personas.ts";

export type ChangedTool = { tool: PersonaTool; after: ToolDefinition; pin: string };
type Decision = "undecided" | "accept" | "remove";
type ReviewChangesDialogProps = { view: PersonaView; changed: readonly ChangedTool[]; onClose: () => void };

/** Each change is accepted or its tool taken out; nothing is preset, and what changes meanwhile is not accepted. */
export function ReviewChangesDialog({ view, changed, onClose }: ReviewChangesDialogProps) {
  // What the person is looking at stays as it is while they read.
  const [shown] = useState(changed);
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const { run, pending, error } = useCommand("personas.save");
  const decided = shown.every(({ tool }) => (decisions.get(tool.exposedName) ?? "undecided") !== "undecided");
  const save = async () => {
    const draft = draftOfDecisions(view, shown, decisions);
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
        {shown.map(({ tool, after }) => (
          <section key={tool.exposedName} aria-label={tool.exposedName} className="flex flex-col gap-3">
            <h3 className="font-mono text-base font-medium break-all">{tool.exposedName}</h3>
            <DefinitionChanges before={tool.definition} after={after} />
            <RadioGroup<Decision>
              label={i18n.t("personas.decisionFor", { tool: tool.exposedName })}
              orientation="horizontal"
              value={decisions.get(tool.exposedName) ?? "undecided"}
              onChange={(decision) => setDecisions(new Map(decisions).set(tool.exposedName, decision))}
              options={[
                { value: "accept", label: i18n.t("personas.acceptChange") },
                { value: "remove", label: i18n.t("personas.removeTool") },
              ]}
            />
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function draftOfDecisions(view: PersonaView, shown: readonly ChangedTool[], decisions: ReadonlyMap<string, Decision>) {
  const draft = draftOfPersona(view.row, view.bindings, view.apps);
  const removed = new Set(
    shown.filter(({ tool }) => decisions.get(tool.exposedName) === "remove").map(({ tool }) => toolKey(tool)),
  );
  const pins = new Map([
    ...view.row.accepted.tools.map((tool): [string, string] => [toolKey(tool), tool.pin]),
    ...shown.map(({ tool, pin }): [string, string] => [toolKey(tool), pin]),
  ]);
  return toPersonaDraft({ ...draft, tools: draft.tools.filter((tool) => !removed.has(toolKey(tool))) }, pins);
}
