import type { LucideIcon } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";
import { cn } from "./cn.ts";
import { focusQuietly } from "./quiet-focus.ts";

export type MenuItem =
  | {
      label: string;
      icon?: LucideIcon;
      onSelect: () => void;
      tone?: "danger";
      disabled?: boolean;
    }
  | "separator";

/** `children` is the button that opens it. */
export function DropdownMenu({ items, children }: { items: readonly MenuItem[]; children: ReactNode }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const chosen = useRef<(() => void) | null>(null);
  return (
    <Radix.Root>
      <Radix.Trigger asChild ref={trigger}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (trigger.current !== null) focusQuietly(trigger.current);
            // Only now, so that a dialog that the item opens knows where the focus was.
            chosen.current?.();
            chosen.current = null;
          }}
          className="animate-surface-in z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-high"
        >
          {items.map((item, index) =>
            item === "separator" ? (
              <Radix.Separator key={`separator-${index}`} className="-mx-1 my-1 h-px bg-line" />
            ) : (
              <Radix.Item
                key={item.label}
                disabled={item.disabled ?? false}
                onSelect={() => {
                  chosen.current = item.onSelect;
                }}
                className={cn(
                  "flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover",
                  item.tone === "danger" && "text-danger-ink data-highlighted:bg-danger-soft",
                )}
              >
                {item.icon && <item.icon aria-hidden className="size-4 shrink-0 opacity-80" />}
                {item.label}
              </Radix.Item>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
