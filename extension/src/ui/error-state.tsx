import type { AppError } from "@agent-personas/shared/errors/app-error";
import { ERRORS } from "@agent-personas/shared/errors/codes";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { CopyButton } from "./copy-button.tsx";

type ErrorStateProps = {
  error: Pick<AppError, "code" | "detail">;
  /** The remedy this page offers, as buttons. */
  action?: ReactNode;
  onRetry?: () => void;
  className?: string;
};

/** What happened, why, what to do; the copied details hold the code and its facts, never a secret. */
export function ErrorState({ error, action, onRetry, className }: ErrorStateProps) {
  const entry = ERRORS[error.code];
  return (
    <div role="alert" className={cn("flex gap-3 rounded-lg border border-danger/40 bg-danger-soft p-4", className)}>
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger-ink" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="text-base font-semibold">{entry.title}</p>
        <p className="text-base break-words">
          {entry.text(error.detail)} {entry.next(error.detail)}
        </p>
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {action}
          {onRetry && (
            <Button size="sm" onClick={onRetry}>
              {i18n.t("ui.retry")}
            </Button>
          )}
          <CopyButton size="sm" text={errorDetails(error)} label={i18n.t("ui.copyDetails")} />
        </div>
      </div>
    </div>
  );
}

const errorDetails = (error: Pick<AppError, "code" | "detail">): string =>
  [`code: ${error.code}`, ...Object.entries(error.detail).map(([name, value]) => `${name}: ${value}`)].join("\n");
