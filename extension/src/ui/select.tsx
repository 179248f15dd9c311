import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { cn } from "./cn.ts";
import { useFieldControl } from "./field.tsx";
import { controlStyle } from "./input.tsx";

export type SelectOption<Value extends string> = { value: Value; label: string; hint?: string; disabled?: boolean };

type SelectProps<Value extends string> = {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  /** Needed where no `Field` labels it. */
  label?: string;
  size?: "sm" | "md";
  disabled?: boolean;
  tabIndex?: number;
  className?: string;
};

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onChange, options, label, size = "md", disabled = false, tabIndex, className } = props;
  const pick = (picked: string) => {
    const option = options.find((candidate) => candidate.value === picked);
    if (option) onChange(option.value);
  };
  return (
    <Radix.Root value={value} onValueChange={pick} disabled={disabled}>
      <Radix.Trigger
        {...useFieldControl()}
        aria-label={label}
        tabIndex={tabIndex}
        className={cn(
          controlStyle,
          "inline-flex items-center justify-between gap-2",
          size === "sm" ? "h-7 text-sm" : "h-8.5",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value />
        </span>
        <Radix.Icon asChild>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="animate-surface-in z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-auto rounded-lg border border-line bg-raised p-1 shadow-high"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="relative flex flex-col rounded-md py-1.5 ps-8 pe-3 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover"
              >
                <Radix.ItemIndicator className="absolute start-2 top-2">
                  <Check aria-hidden className="size-4 text-accent-ink" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint !== undefined && <span className="text-sm text-muted">{option.hint}</span>}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
