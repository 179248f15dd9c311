import type { AppError } from "@agent-personas/shared/errors/app-error";
import { ERRORS } from "@agent-personas/shared/errors/codes";

/** The console's error box with its buttons is too heavy here: what happened and what to do, in words. */
export function PopupError({ error }: { error: AppError }) {
  const entry = ERRORS[error.code];
  return (
    <div role="alert" className="m-4 flex flex-col gap-1 rounded-lg bg-danger-soft p-4 text-base">
      <p className="font-semibold">{entry.title}</p>
      <p className="break-words">
        {entry.text(error.detail)} {entry.next(error.detail)}
      </p>
    </div>
  );
}
