import { ShieldAlert } from "lucide-react";
import { useId } from "react";
import { i18n } from "#i18n";
import { Checkbox } from "./checkbox.tsx";
import { CopyButton } from "./copy-button.tsx";
import { useLeaveGuard } from "./leave-guard.ts";

type SecretFieldProps = {
  secret: string;
  /** What it is, e.g. "Recovery code". */
  label: string;
  /** What it opens and where to keep it. */
  hint: string;
  saved: boolean;
  onSavedChange: (saved: boolean) => void;
};

/** A secret that is shown once. The page goes on only when `saved` is true. */
export function SecretField({ secret, label, hint, saved, onSavedChange }: SecretFieldProps) {
  const id = useId();
  useLeaveGuard(!saved);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2.5 rounded-md bg-warning-soft p-3 text-base text-warning-ink">
        <ShieldAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        <p>
          <strong className="font-semibold">{i18n.t("ui.shownOnce")}</strong> {hint}
        </p>
      </div>
      <div className="flex flex-col gap-1.5">
        <p id={id} className="text-sm font-medium">
          {label}
        </p>
        <div className="flex items-center gap-2 rounded-md border border-line bg-sunken p-2 ps-3">
          <code
            aria-labelledby={id}
            role="textbox"
            aria-readonly="true"
            tabIndex={0}
            dir="ltr"
            className="min-w-0 flex-1 font-mono text-base break-all select-all"
          >
            {secret}
          </code>
          <CopyButton size="sm" text={secret} />
        </div>
      </div>
      <Checkbox checked={saved} onChange={onSavedChange} label={i18n.t("ui.savedIt")} />
    </div>
  );
}
