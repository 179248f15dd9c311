import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { SearchInput } from "../../../ui/search-input.tsx";
import { whyMissing, type CallerReach, type MissingAnswer } from "../missing-tool.ts";
import { missingToolText } from "./missing-tool-text.ts";
import type { PersonaView } from "./use-personas.ts";

type MissingToolBoxProps = { view: PersonaView; callers: readonly CallerReach[] };

/** Any name typed here is answered with the reason why an AI client does not have it, and the one next step. */
export function MissingToolBox({ view, callers }: MissingToolBoxProps) {
  const [asked, setAsked] = useState("");
  const answers = useMemo(
    () => whyMissing(asked, { version: view.row.accepted, slots: view.summary.slots, tools: view.tools, callers }),
    [asked, view, callers],
  );
  return (
    <Card>
      <details className="group">
        <summary className="flex list-none items-center gap-2 rounded-lg px-4 py-2.5 text-base font-medium">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:rotate-90"
          />
          {i18n.t("missing.title")}
        </summary>
        <div className="flex flex-col gap-3 px-4 pb-4">
          <p className="text-base text-muted">{i18n.t("missing.text")}</p>
          <SearchInput
            value={asked}
            onChange={setAsked}
            label={i18n.t("missing.name")}
            className="w-full sm:max-w-md"
          />
          <div role="status" className="empty:hidden">
            {answers.length > 0 && (
              <ul className="flex flex-col divide-y divide-line">
                {answers.map((answer, index) => (
                  <Answer key={index} answer={answer} personaId={view.row.personaId} onAsk={setAsked} />
                ))}
              </ul>
            )}
          </div>
        </div>
      </details>
    </Card>
  );
}

type AnswerProps = { answer: MissingAnswer; personaId: string; onAsk: (name: string) => void };

function Answer({ answer, personaId, onAsk }: AnswerProps) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <code className="font-mono text-sm font-medium break-all">{answer.name}</code>
        {missingToolText(answer).map((text) => (
          <p key={text} className="text-base break-words text-muted">
            {text}
          </p>
        ))}
        {answer.reason === "unknown" && answer.nearest.length > 0 && (
          <p className="mt-1 flex flex-wrap items-center gap-1.5 text-base text-muted">
            {i18n.t("missing.nearest")}
            {answer.nearest.map((name) => (
              <Button key={name} size="sm" className="font-mono" onClick={() => onAsk(name)}>
                {name}
              </Button>
            ))}
          </p>
        )}
      </div>
      <NextStep answer={answer} personaId={personaId} />
    </li>
  );
}

function NextStep({ answer, personaId }: { answer: MissingAnswer; personaId: string }) {
  const step = nextStep(answer, personaId);
  if (step === null) return null;
  return (
    <Button asChild size="sm">
      <a href={step.href}>{step.text}</a>
    </Button>
  );
}

function nextStep(answer: MissingAnswer, personaId: string): { text: string; href: string } | null {
  const edit = { text: i18n.t("missing.edit"), href: hrefTo({ page: "persona-edit", personaId }) };
  switch (answer.reason) {
    case "unknown":
      return { text: i18n.t("missing.apps"), href: hrefTo({ page: "apps" }) };
    case "not_selected":
    case "never":
    case "removed":
      return edit;
    case "needs_sign_in":
    case "gone":
      return answer.reason === "needs_sign_in" && answer.appId !== null
        ? { text: i18n.t("missing.openApp", { app: answer.app }), href: hrefTo({ page: "app", appId: answer.appId }) }
        : { text: i18n.t("missing.apps"), href: hrefTo({ page: "apps" }) };
    case "ready":
      if (answer.outside.length > 0) {
        return {
          text: i18n.t("missing.callers"),
          href: hrefTo({ page: "persona", personaId, tab: "authentication" }),
        };
      }
      return answer.searched || answer.capped.length > 0 ? edit : null;
    case "changed":
    case "paused":
      // What to press is at the top of this page.
      return null;
  }
}
