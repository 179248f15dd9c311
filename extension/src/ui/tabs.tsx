import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

export type TabItem<Value extends string> = { value: Value; label: string; aside?: ReactNode; content: ReactNode };

type TabsProps<Value extends string> = {
  value: Value;
  onChange: (value: Value) => void;
  label: string;
  items: readonly TabItem<Value>[];
};

export function Tabs<Value extends string>({ value, onChange, label, items }: TabsProps<Value>) {
  const pick = (picked: string) => {
    const item = items.find((candidate) => candidate.value === picked);
    if (item) onChange(item.value);
  };
  return (
    <Radix.Root value={value} onValueChange={pick}>
      <Radix.List aria-label={label} className="flex gap-2 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className="-mb-px inline-flex items-center gap-1.5 border-b-2 rounded-t-sm border-transparent px-1.5 pt-1 pb-2 text-base font-medium whitespace-nowrap text-muted -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {item.label}
            {item.aside !== undefined && (
              <span className="text-sm font-normal text-faint tabular-nums">{item.aside}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content key={item.value} value={item.value} className="pt-5">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
