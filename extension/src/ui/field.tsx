import { CircleAlert } from "lucide-react";
import { createContext, useContext, useId, useMemo, type ReactNode } from "react";
import { cn } from "./cn.ts";

type FieldControl = {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
};

const FieldContext = createContext<FieldControl>({});

/** What a control spreads onto its element to be tied to the field around it. */
export const useFieldControl = (): FieldControl => useContext(FieldContext);

type FieldProps = {
  label: string;
  /** Beside the label, e.g. a counter or "Optional". */
  aside?: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  required?: boolean;
  className?: string;
  children: ReactNode;
};

/** Label, control, hint and error, wired by ids. The child is a control of this folder. */
export function Field({ label, aside, hint, error, required, className, children }: FieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== "";
  const hasHint = hint !== undefined && hint !== null;
  const control = useMemo<FieldControl>(() => {
    const describedBy = [hasError ? `${id}-error` : null, hasHint ? `${id}-hint` : null].filter(Boolean).join(" ");
    return {
      id,
      ...(describedBy !== "" && { "aria-describedby": describedBy }),
      ...(hasError && { "aria-invalid": true as const }),
      ...(required && { "aria-required": true as const }),
    };
  }, [id, hasError, hasHint, required]);
  return (
    <div className={cn("flex flex-col gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
        </label>
        {aside !== undefined && <span className="text-xs text-faint tabular-nums">{aside}</span>}
      </div>
      <FieldContext value={control}>{children}</FieldContext>
      {hasError && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-sm text-danger-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      )}
      {hasHint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
