import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { cn } from "./cn.ts";
import { IconButton } from "./icon-button.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

export const overlayStyle = "animate-fade-in fixed inset-0 z-40 bg-overlay";
export const panelStyle =
  "animate-surface-in fixed inset-x-0 bottom-0 z-40 mx-auto flex max-h-[92dvh] w-full flex-col rounded-t-xl border border-line bg-raised shadow-high outline-none sm:inset-y-0 sm:my-auto sm:h-fit sm:max-h-[85dvh] sm:rounded-xl";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  size?: "sm" | "md" | "lg";
  /** Buttons, last one the main action. */
  footer?: ReactNode;
  /** For content that must be answered: no close button, no Escape, no click outside. */
  locked?: boolean;
  children: ReactNode;
};

export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Panel {...props} />
      </Radix.Portal>
    </Radix.Root>
  );
}

function Panel({ title, description, size = "md", footer, locked, children }: DialogProps) {
  const returnFocus = useReturnFocus();
  const hold = locked ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Radix.Content
      className={cn(panelStyle, { sm: "sm:max-w-md", md: "sm:max-w-xl", lg: "sm:max-w-3xl" }[size])}
      onOpenAutoFocus={focusContent}
      onCloseAutoFocus={returnFocus}
      {...(hold && { onEscapeKeyDown: hold, onInteractOutside: hold })}
      {...(description === undefined && { "aria-describedby": undefined })}
    >
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <Radix.Title className="text-lg font-semibold text-balance">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-1 text-base text-muted">{description}</Radix.Description>
          )}
        </div>
        {!locked && (
          <Radix.Close asChild>
            <IconButton label={i18n.t("ui.close")} size="sm" className="-me-1.5">
              <X aria-hidden />
            </IconButton>
          </Radix.Close>
        )}
      </header>
      <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
        {children}
      </div>
      {footer !== undefined && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
      )}
    </Radix.Content>
  );
}

/** The first control of the content, else the panel itself: never the close button with its tooltip. */
function focusContent(event: Event) {
  const panel = event.currentTarget;
  if (!(panel instanceof HTMLElement)) return;
  event.preventDefault();
  const control = panel.querySelector<HTMLElement>(
    "[data-dialog-body] :is(input, textarea, [role=radio][aria-checked=true]):not([type=hidden], [aria-hidden=true])",
  );
  (control ?? panel).focus();
}
