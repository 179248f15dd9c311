import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";
import { cn } from "./cn.ts";

export type Checked = boolean | "indeterminate";

type CheckboxProps = {
  checked: Checked;
  onChange: (checked: boolean) => void;
  /** Visible text; pass `aria-label` instead where the row says it already. */
  label?: ReactNode;
  hint?: ReactNode;
  "aria-label"?: string;
  disabled?: boolean;
  tabIndex?: number;
  className?: string;
};

/** A mixed box becomes checked when it is pressed. */
export function Checkbox({ checked, onChange, label, hint, className, ...rest }: CheckboxProps) {
  const id = useId();
  const box = (
    <Radix.Root
      id={id}
      checked={checked}
      onCheckedChange={(next) => onChange(next === true)}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      className="grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-surface text-on-accent transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent"
      {...rest}
    >
      <Radix.Indicator>
        {checked === "indeterminate" ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
  if (label === undefined) return box;
  return (
    <div className={cn("flex items-start gap-2.5", className)}>
      <span className="flex h-5.5 items-center">{box}</span>
      <span className="flex min-w-0 flex-col">
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}
