import { Check } from "lucide-react";
import { i18n } from "#i18n";
import { cn } from "../../../ui/cn.ts";
import { stepProblems, WIZARD_STEPS, type WizardStep } from "../draft-problems.ts";
import type { WizardDraft } from "../wizard-draft.ts";

type WizardStepperProps = {
  current: WizardStep;
  draft: WizardDraft;
  collisions: readonly string[];
  onGo: (step: WizardStep) => void;
};

/** A column beside the step, a row above it where it is narrow. */
export function WizardStepper({ current, draft, collisions, onGo }: WizardStepperProps) {
  const at = WIZARD_STEPS.indexOf(current);
  return (
    <nav aria-label={i18n.t("wizard.steps")} className="lg:sticky lg:top-8 lg:self-start">
      <ol className="flex items-center gap-1.5 lg:flex-col lg:items-stretch lg:gap-1">
        {WIZARD_STEPS.map((step, index) => {
          const done = index < at && stepProblems(draft, step, collisions).length === 0;
          return (
            <li key={step} className={cn("min-w-0", step === current && "max-lg:flex-1")}>
              <button
                type="button"
                aria-current={step === current ? "step" : undefined}
                onClick={() => onGo(step)}
                className={cn(
                  "flex w-full min-w-0 items-center gap-2.5 rounded-md p-1 text-start text-base transition-colors hover:bg-hover lg:px-2 lg:py-1.5",
                  step === current ? "font-medium text-ink lg:bg-hover" : "text-muted",
                )}
              >
                <span
                  aria-hidden
                  className={cn(
                    "grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold tabular-nums",
                    step === current
                      ? "border-accent bg-accent text-on-accent"
                      : done
                        ? "border-transparent bg-accent-soft text-accent-ink"
                        : "border-line bg-surface text-muted",
                  )}
                >
                  {done ? <Check className="size-3.5" strokeWidth={2.5} /> : index + 1}
                </span>
                <span className={cn("max-lg:truncate", step !== current && "max-lg:sr-only")}>{stepText(step)}</span>
                {done && <span className="sr-only">{i18n.t("wizard.stepDone")}</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function stepText(step: WizardStep): string {
  switch (step) {
    case "basics":
      return i18n.t("wizard.basics");
    case "tools":
      return i18n.t("wizard.tools");
    case "inbound":
      return i18n.t("wizard.inbound");
    case "review":
      return i18n.t("wizard.review");
  }
}
