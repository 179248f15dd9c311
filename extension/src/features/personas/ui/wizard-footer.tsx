import { ArrowLeft, ArrowRight, Rocket } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import type { WizardStep } from "../draft-problems.ts";

type WizardFooterProps = {
  formId: string;
  /** Something else is the next thing to do. */
  quiet: boolean;
  step: WizardStep;
  editing: boolean;
  pending: boolean;
  changed: boolean;
  onBack: () => void;
  onLeave: () => void;
};

/** Stays at the bottom of the window; its last button submits the step. */
export function WizardFooter(props: WizardFooterProps) {
  const { formId, quiet, step, editing, pending, changed, onBack, onLeave } = props;
  return (
    <footer
      data-bar="bottom"
      className="sticky bottom-0 z-20 -mx-4 mt-auto -mb-6 flex items-center gap-2 border-t border-line bg-canvas px-4 py-3 md:-mx-8 md:-mb-8 md:px-8"
    >
      <Button variant="ghost" onClick={onLeave} disabled={pending}>
        {i18n.t("wizard.leave")}
      </Button>
      <span className="me-auto hidden text-sm text-faint sm:inline">{changed && i18n.t("wizard.draftKept")}</span>
      <span className="me-auto sm:hidden" />
      {step !== "basics" && (
        <Button onClick={onBack} disabled={pending}>
          <ArrowLeft aria-hidden className="rtl:-scale-x-100" />
          {i18n.t("wizard.back")}
        </Button>
      )}
      <Button type="submit" form={formId} variant={quiet ? "secondary" : "primary"} pending={pending}>
        {step === "review" ? (
          <>
            {!pending && <Rocket aria-hidden />}
            {editing ? i18n.t("wizard.saveAndDeploy") : i18n.t("wizard.createAndDeploy")}
          </>
        ) : (
          <>
            {i18n.t("wizard.next")}
            <ArrowRight aria-hidden className="rtl:-scale-x-100" />
          </>
        )}
      </Button>
      <span aria-hidden className="hidden text-sm text-faint lg:inline">
        <Kbd>↵</Kbd>
      </span>
    </footer>
  );
}
