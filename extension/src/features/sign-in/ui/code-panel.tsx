import type { SignInCode } from "@agent-personas/shared/api/grants";
import { Laptop } from "lucide-react";
import { useEffect, useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { CopyTextButton } from "../../../ui/copy-text-button.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { useNow } from "../../../ui/use-now.ts";
import { shownCode } from "../shown-code.ts";

const SECOND_MS = 1_000;

/** Makes the code to type on a sign-in page elsewhere and shows it while it works; in the popup and the console. */
export function CodePanel({ host }: { host: string }) {
  const [code, setCode] = useState<SignInCode | null>(null);
  const { run: find } = useCommand("sign-ins.code");
  const create = useCommand("sign-ins.code");
  // The popup closes as soon as the person looks elsewhere: what it showed is still there when it opens again.
  useEffect(() => void find({ fresh: false }).then((kept) => kept && setCode(kept)), [find]);
  const now = useNow(SECOND_MS, code !== null);
  const left = code === null ? 0 : Math.ceil((code.expiresAt - now) / SECOND_MS);
  const make = async () => {
    const made = await create.run({ fresh: true });
    if (made) setCode(made);
  };
  return (
    <div className="flex flex-col gap-2">
      {code !== null && left > 0 ? (
        <div className="flex flex-col gap-1.5 rounded-md border border-line bg-sunken p-3">
          <div className="flex items-center justify-between gap-2">
            <output
              aria-label={i18n.t("signIns.code")}
              dir="ltr"
              className="font-mono text-xl font-semibold tracking-wider"
            >
              {shownCode(code.code)}
            </output>
            <CopyTextButton size="sm" text={shownCode(code.code)} label={i18n.t("signIns.copyCode")} />
          </div>
          <p className="text-sm text-muted">{i18n.t("signIns.codeText", { host })}</p>
          <p role="timer" className="text-sm text-muted tabular-nums">
            {i18n.t("signIns.codeLeft", left)}
          </p>
        </div>
      ) : (
        <Button size="sm" className="self-start" pending={create.pending} onClick={() => void make()}>
          <Laptop aria-hidden />
          {code === null ? i18n.t("signIns.elsewhere") : i18n.t("signIns.newCode")}
        </Button>
      )}
      {create.error && (
        <p role="alert" className="text-sm text-danger-ink">
          {create.error.message}
        </p>
      )}
    </div>
  );
}
