import { useState } from "react";
import { Field } from "./field.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Input } from "./input.tsx";
import type { useCommand } from "./use-command.ts";

const NAME_LENGTH = 80;

type NameDialogProps = {
  title: string;
  description?: string;
  label: string;
  hint?: string;
  /** What stands there at first. */
  value: string;
  action: string;
  command: Pick<ReturnType<typeof useCommand>, "pending" | "error">;
  onSubmit: (name: string) => void;
  onClose: () => void;
};

/** Asks for one name. Mounted while open. */
export function NameDialog({ label, hint, value, onSubmit, ...dialog }: NameDialogProps) {
  const [name, setName] = useState(value);
  return (
    <FormDialog {...dialog} size="sm" disabled={name.trim() === ""} onSubmit={() => onSubmit(name)}>
      <Field label={label} {...(hint !== undefined && { hint })} required>
        <Input
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={NAME_LENGTH}
          autoComplete="off"
        />
      </Field>
    </FormDialog>
  );
}
