import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow, ItemRow, ToolRow } from "../../../db/rows.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo, navigate } from "../../../ui/route.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { firstProblemStep, stepProblems, WIZARD_STEPS, type WizardStep } from "../draft-problems.ts";
import { toPersonaDraft } from "../draft-state.ts";
import { seenPins } from "../seen-pins.ts";
import { listToolGroups } from "../tool-groups.ts";
import { sameDraft } from "../wizard-draft.ts";
import { BasicsStep } from "./basics-step.tsx";
import { FirstAppStep } from "./first-app-step.tsx";
import { InboundStep } from "./inbound-step.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";
import { ReviewStep } from "./review-step.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { RestoredNotice } from "./restored-notice.tsx";
import { ToolsStep } from "./tools-step.tsx";
import { useDraftStore } from "./use-draft-store.ts";
import { useEscape } from "./use-escape.ts";
import { useNamePreview } from "./use-name-preview.ts";
import { useOpenGroups } from "./use-open-groups.ts";
import { draftIdOf, type WizardStart } from "./use-wizard-start.ts";
import { WizardFooter } from "./wizard-footer.tsx";
import { WizardStepper } from "./wizard-stepper.tsx";

export type Catalogue = { apps: AppRow[]; connections: ConnectionRow[]; tools: ToolRow[]; items: ItemRow[] };
/** What the feature of apps puts into the wizard. */
export type AddApp = {
  /** While there is no tool to choose: ends when the app has tools. */
  first: ReactNode;
  /** Besides others. */
  another: (onDone: () => void) => ReactNode;
};
type WizardProps = { start: WizardStart; catalogue: Catalogue; addApp: AddApp; onRestart: () => void };

/** Three steps and a review; every step is checked as it is left. */
export function Wizard({ start, catalogue, addApp, onRestart }: WizardProps) {
  const { row, base, restored } = start;
  const formId = useId();
  const area = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState(restored?.draft ?? base);
  const [step, setStep] = useState<WizardStep>(WIZARD_STEPS[restored?.step ?? 0] ?? "basics");
  const [tried, setTried] = useState<ReadonlySet<WizardStep>>(new Set());
  const [leaving, setLeaving] = useState(false);
  const [adding, setAdding] = useState(false);
  const save = useCommand("personas.save");
  const preview = useNamePreview(draft);
  const forget = useDraftStore(draftIdOf(draft.personaId), { draft, step: WIZARD_STEPS.indexOf(step) }, base);
  const groups = useMemo(
    () => listToolGroups({ ...catalogue, slots: draft.slots, accepted: row?.accepted ?? null }),
    [catalogue, draft.slots, row],
  );
  const [open, setOpen] = useOpenGroups(groups, draft);
  const addsFirst = step === "tools" && groups.every((group) => group.tools.length === 0 && group.items.length === 0);
  const [addedFirst, setAddedFirst] = useState(addsFirst);
  if (addedFirst !== addsFirst) {
    setAddedFirst(addsFirst);
    // That no tool was chosen was said when there was none.
    setTried(new Set([...tried].filter((each) => each !== "tools")));
  }
  const home = row === null ? ({ page: "personas" } as const) : personaRoute(row.personaId);
  const changed = useMemo(() => !sameDraft(draft, base), [draft, base]);
  useEscape(area, () => {
    if (changed) setLeaving(true);
    else navigate(home);
  });

  const problems = tried.has(step) ? stepProblems(draft, step, preview.collisions) : [];
  const show = (next: WizardStep) => {
    setStep(next);
    scrollTo({ top: 0 });
    // After the step is drawn; the first one focuses its name by itself.
    if (next !== "basics") setTimeout(() => focusBody(body.current));
  };
  // The form that was in use is gone once its app has tools.
  useEffect(() => {
    if (!addsFirst && step === "tools") focusBody(body.current);
  }, [addsFirst, step]);
  /** Goes to a step unless one before it is not in order; then it shows that one and what is wrong there. */
  const goTo = (wanted: WizardStep) => {
    const upTo = WIZARD_STEPS.slice(0, WIZARD_STEPS.indexOf(wanted));
    const wrong = upTo.find((each) => stepProblems(draft, each, preview.collisions).length > 0);
    setTried(new Set([...tried, ...upTo]));
    show(wrong ?? wanted);
    if (wrong !== undefined) setTimeout(() => focusFirstProblem(area.current));
  };
  const deploy = async () => {
    const wrong = firstProblemStep(draft, preview.collisions);
    const ready = toPersonaDraft(draft, seenPins(groups));
    if (wrong !== null || ready === null) {
      setTried(new Set(WIZARD_STEPS));
      show(wrong?.step ?? "basics");
      return;
    }
    const answer = await save.run({ draft: ready });
    if (answer === undefined) return;
    await forget();
    navigate(personaRoute(answer.personaId), { replace: true });
  };
  const discard = () => void forget().then(() => navigate(home));

  return (
    <>
      <PageHeader
        title={row === null ? i18n.t("wizard.create") : i18n.t("wizard.edit", { name: plainLine(row.accepted.name) })}
        back={{ href: hrefTo(home), label: row === null ? i18n.t("personas.title") : plainLine(row.accepted.name) }}
      />
      <div ref={area} className="flex min-h-[calc(100dvh-13rem)] flex-col gap-5 md:min-h-[calc(100dvh-9rem)]">
        <div className="flex flex-col gap-5 lg:grid lg:grid-cols-[11.5rem_minmax(0,1fr)] lg:gap-x-8">
          <WizardStepper current={step} draft={draft} collisions={preview.collisions} onGo={goTo} />
          <div
            ref={body}
            tabIndex={-1}
            className="flex min-w-0 flex-col gap-5 outline-none"
            onKeyDown={(event) => {
              if (event.key === "Enter" && event.target === event.currentTarget) form.current?.requestSubmit();
            }}
          >
            {row !== null && row.offered !== null && (
              <Notice
                title={i18n.t("personas.offeredTitle", { version: row.offered.version.version })}
                action={
                  <Button asChild size="sm">
                    <a href={hrefTo(home)}>{i18n.t("personas.reviewChanges")}</a>
                  </Button>
                }
              >
                {i18n.t("wizard.offeredFirst")}
              </Notice>
            )}
            {restored !== null && (
              <RestoredNotice
                restored={restored}
                stale={row !== null && draft.baseVersion !== row.accepted.version}
                onRebase={() => setDraft({ ...draft, baseVersion: row?.accepted.version ?? null })}
                onStartOver={() => void forget().then(onRestart)}
              />
            )}
            {addsFirst && <FirstAppStep addApp={addApp.first} problems={problems} />}
            <form
              ref={form}
              id={formId}
              noValidate
              aria-label={row === null ? i18n.t("wizard.create") : i18n.t("personas.edit")}
              className="min-w-0 empty:hidden"
              onSubmit={(event) => {
                event.preventDefault();
                if (save.pending) return;
                if (step === "review") void deploy();
                else goTo(WIZARD_STEPS[WIZARD_STEPS.indexOf(step) + 1] ?? "review");
              }}
            >
              {step === "basics" && <BasicsStep draft={draft} onChange={setDraft} problems={problems} />}
              {step === "tools" && !addsFirst && (
                <ToolsStep
                  draft={draft}
                  onChange={setDraft}
                  groups={groups}
                  preview={preview}
                  problems={problems}
                  open={open}
                  onOpenChange={setOpen}
                  onAddApp={() => setAdding(true)}
                />
              )}
              {step === "inbound" && (
                <InboundStep
                  draft={draft}
                  slug={row?.slug ?? null}
                  onChange={setDraft}
                  groups={groups}
                  problems={problems}
                />
              )}
              {step === "review" && (
                <ReviewStep draft={draft} groups={groups} preview={preview} error={save.error} onGo={show} />
              )}
            </form>
          </div>
        </div>
        <WizardFooter
          formId={formId}
          quiet={addsFirst}
          step={step}
          editing={row !== null}
          pending={save.pending}
          changed={changed}
          onBack={() => show(WIZARD_STEPS[WIZARD_STEPS.indexOf(step) - 1] ?? "basics")}
          onLeave={() => (changed ? setLeaving(true) : navigate(home))}
        />
      </div>
      <Dialog open={adding} onOpenChange={setAdding} title={i18n.t("personas.addApp")}>
        {addApp.another(() => setAdding(false))}
      </Dialog>
      <LeaveDialog
        open={leaving}
        onOpenChange={setLeaving}
        editing={row !== null}
        onKeep={() => navigate(home)}
        onDiscard={discard}
      />
    </>
  );
}

const personaRoute = (personaId: string) => ({ page: "persona", personaId, tab: "overview" }) as const;

/** Unless something in it took the focus already. */
function focusBody(body: HTMLElement | null): void {
  if (body?.contains(document.activeElement) === false) body.focus({ preventScroll: true });
}

function focusFirstProblem(area: HTMLElement | null): void {
  area?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}
