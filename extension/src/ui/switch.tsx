import { Switch as Radix } from "radix-ui";
import { cn } from "./cn.ts";

type SwitchProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** What is on or off; its accessible name. */
  label: string;
  disabled?: boolean;
  className?: string;
};

export function Switch({ checked, onChange, label, disabled = false, className }: SwitchProps) {
  return (
    <Radix.Root
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      disabled={disabled}
      className={cn(
        "inline-flex h-5 w-8.5 shrink-0 items-center rounded-full border border-transparent bg-neutral p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-accent",
        className,
      )}
    >
      <Radix.Thumb className="block size-3.5 rounded-full bg-[#fff] shadow-low transition-transform data-[state=checked]:translate-x-3.5 rtl:data-[state=checked]:-translate-x-3.5" />
    </Radix.Root>
  );
}
