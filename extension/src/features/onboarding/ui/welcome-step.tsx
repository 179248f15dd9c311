import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { cn } from "../../../ui/cn.ts";

type WelcomeStepProps = {
  number: number;
  state: "done" | "current" | "later";
  title: string;
  summary: string;
  children: ReactNode;
};

export function WelcomeStep({ number, state, title, summary, children }: WelcomeStepProps) {
  return (
    <li aria-current={state === "current" ? "step" : undefined}>
      <Card className={cn("p-4 sm:p-5", state === "later" && "bg-transparent shadow-none")}>
        <div className="flex items-start gap-3.5">
          <span
            className={cn(
              "grid size-6.5 shrink-0 place-items-center rounded-full text-sm font-semibold tabular-nums",
              state === "done" && "bg-success-soft text-success-ink",
              state === "current" && "bg-accent text-on-accent",
              state === "later" && "bg-hover text-muted",
            )}
          >
            {state === "done" ? <Check aria-hidden className="size-4" /> : number}
          </span>
          <div className="min-w-0 flex-1">
            <h2 className={cn("text-lg font-semibold", state === "later" && "text-muted")}>
              {title}
              {state === "done" && <span className="sr-only"> {i18n.t("welcome.done")}</span>}
            </h2>
            <p className="text-base text-pretty text-muted">{summary}</p>
          </div>
        </div>
        {state === "current" && <div className="mt-5 sm:ps-10">{children}</div>}
      </Card>
    </li>
  );
}
