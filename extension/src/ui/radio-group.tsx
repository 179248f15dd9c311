import { RadioGroup as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";
import { cn } from "./cn.ts";

export type RadioOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
};

type RadioGroupProps<Value extends string> = {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly RadioOption<Value>[];
  /** What is chosen here; its accessible name. */
  label: string;
  orientation?: "vertical" | "horizontal";
  className?: string;
};

export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { value, onChange, options, label, orientation = "vertical", className } = props;
  const id = useId();
  const pick = (picked: string) => {
    const option = options.find((candidate) => candidate.value === picked);
    if (option) onChange(option.value);
  };
  return (
    <Radix.Root
      value={value}
      onValueChange={pick}
      aria-label={label}
      orientation={orientation}
      className={cn("flex gap-2.5", orientation === "vertical" ? "flex-col" : "flex-wrap gap-x-5", className)}
    >
      {options.map((option) => (
        <div key={option.value} className="flex items-start gap-2.5">
          <span className="flex h-5.5 items-center">
            <Radix.Item
              id={`${id}-${option.value}`}
              value={option.value}
              disabled={option.disabled ?? false}
              aria-describedby={option.hint === undefined ? undefined : `${id}-${option.value}-hint`}
              className="grid size-4 place-items-center rounded-full border border-line-strong bg-surface disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
            >
              <Radix.Indicator className="block size-1.5 rounded-full bg-on-accent" />
            </Radix.Item>
          </span>
          <span className="flex min-w-0 flex-col">
            <label htmlFor={`${id}-${option.value}`} className="text-base">
              {option.label}
            </label>
            {option.hint !== undefined && (
              <span id={`${id}-${option.value}-hint`} className="text-sm text-muted">
                {option.hint}
              </span>
            )}
          </span>
        </div>
      ))}
    </Radix.Root>
  );
}
