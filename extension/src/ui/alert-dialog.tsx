import { AlertDialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { overlayStyle, panelStyle } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

type AlertDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen and what cannot be undone. */
  description: ReactNode;
  /** The verb on the button, e.g. "Delete persona". */
  action: string;
  tone?: "danger" | "primary";
  /** The person types this name before the action can be pressed. */
  typeToConfirm?: string;
  pending?: boolean;
  error?: ReactNode;
  onConfirm: () => void;
  children?: ReactNode;
};

/** Stays open while `pending`; the caller closes it when the work is done. */
export function AlertDialog(props: AlertDialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Panel {...props} />
      </Radix.Portal>
    </Radix.Root>
  );
}

function Panel(props: AlertDialogProps) {
  const { title, description, action, tone = "danger", typeToConfirm, pending, error } = props;
  const returnFocus = useReturnFocus();
  return (
    <Radix.Content
      className={cn(panelStyle, "sm:max-w-md")}
      onOpenAutoFocus={focusInput}
      onCloseAutoFocus={returnFocus}
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-5">
        <div>
          <Radix.Title className="text-lg font-semibold text-balance">{title}</Radix.Title>
          <Radix.Description asChild className="mt-1.5 text-base text-muted">
            <div>{description}</div>
          </Radix.Description>
        </div>
        {props.children}
        {error}
        <ConfirmForm
          action={action}
          tone={tone}
          name={typeToConfirm}
          pending={pending ?? false}
          onConfirm={props.onConfirm}
        />
      </div>
    </Radix.Content>
  );
}

type ConfirmFormProps = {
  action: string;
  tone: "danger" | "primary";
  name: string | undefined;
  pending: boolean;
  onConfirm: () => void;
};

function ConfirmForm({ action, tone, name, pending, onConfirm }: ConfirmFormProps) {
  const [typed, setTyped] = useState("");
  const allowed = name === undefined || typed.trim() === name;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        // React passes it on to a form that merely renders this dialog.
        event.stopPropagation();
        if (allowed && !pending) onConfirm();
      }}
    >
      {name !== undefined && (
        <Field label={i18n.t("ui.typeToConfirm", { name })}>
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Radix.Cancel asChild>
          <Button disabled={pending}>{i18n.t("ui.cancel")}</Button>
        </Radix.Cancel>
        <Button type="submit" variant={tone} disabled={!allowed} pending={pending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

/** Where a name is to be typed, it can be typed at once; else Cancel has the focus. */
function focusInput(event: Event) {
  const input = event.currentTarget instanceof HTMLElement && event.currentTarget.querySelector("input");
  if (!input) return;
  event.preventDefault();
  input.focus();
}
