import { tokenCheckSchema, type TokenCheck, type TriedToken } from "@agent-personas/shared/api/passthrough";
import type { JwtCheck } from "@agent-personas/shared/persona/passthrough";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { useEffect, useState } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import { useCommand } from "../../../ui/use-command.ts";

/** After the last keystroke in the token or the settings. */
const ASK_AFTER_MS = 600;

type TryTokenProps = { personaId: string | null; check: JwtCheck | null };

/** A pasted token, verified as the endpoint would while the settings change. It is kept by this component only. */
export function TryToken({ personaId, check }: TryTokenProps) {
  const [token, setToken] = useState("");
  const [result, setResult] = useState<TriedToken | null>(null);
  const { run, pending, error, reset } = useCommand("passthrough.try");
  const asked = check === null ? null : JSON.stringify(check);
  const ready = token.trim() !== "" && asked !== null;
  const ask = async (): Promise<void> => {
    if (check === null) return;
    const answer = await run({ personaId, check, token });
    if (answer !== undefined) setResult(answer);
  };
  useEffect(() => {
    setResult(null);
    reset();
    if (!ready) return;
    const timer = setTimeout(() => void ask(), ASK_AFTER_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `asked` stands for `check`, which is new on every render.
  }, [token, asked, personaId, ready]);
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line bg-sunken p-3">
      <Field
        label={i18n.t("passthrough.tryTitle")}
        hint={check === null ? i18n.t("passthrough.tryFirst") : i18n.t("passthrough.tryText")}
      >
        <Textarea
          rows={3}
          value={token}
          placeholder={i18n.t("passthrough.tryPlaceholder")}
          onChange={(event) => setToken(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          className="font-mono text-sm break-all"
        />
      </Field>
      {error && <ErrorState error={error} />}
      {result !== null && <Results result={result} />}
      {result !== null && personaId === null && check?.audience === null && (
        <p className="text-sm text-muted">{i18n.t("passthrough.tryAudience")}</p>
      )}
      {ready && (
        <Button size="sm" className="self-start" pending={pending} onClick={() => void ask()}>
          {result === null ? i18n.t("passthrough.tryAction") : i18n.t("passthrough.tryAgain")}
        </Button>
      )}
    </div>
  );
}

function Results({ result }: { result: TriedToken }) {
  const reached = new Map(result.checks.map((each) => [each.check, each]));
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>
        {result.accepted ? (
          <Badge tone="success">{i18n.t("passthrough.tryAccepted")}</Badge>
        ) : (
          <Badge tone="danger">{i18n.t("passthrough.tryRefused")}</Badge>
        )}
      </p>
      <ul aria-label={i18n.t("passthrough.tryResults")} className="flex flex-col gap-1.5">
        {tokenCheckSchema.options
          .filter((check) => reached.has(check) || !result.accepted)
          .map((check) => (
            <ResultRow key={check} check={check} result={reached.get(check) ?? null} />
          ))}
      </ul>
    </div>
  );
}

function ResultRow({ check, result }: { check: TokenCheck; result: TriedToken["checks"][number] | null }) {
  const state = stateOf(result);
  return (
    <li className="flex items-start gap-2 text-sm">
      <state.icon aria-label={state.label} role="img" className={`mt-0.5 size-4 shrink-0 ${state.tone}`} />
      <span className="min-w-0 break-words">
        <span className={result === null ? "text-faint" : "font-medium"}>{checkText(check)}</span>
        {result !== null && <span className="text-muted">{` · ${result.detail}`}</span>}
      </span>
    </li>
  );
}

function stateOf(result: { passed: boolean } | null) {
  if (result === null) return { icon: CircleDashed, label: i18n.t("passthrough.checkSkipped"), tone: "text-faint" };
  return result.passed
    ? { icon: CircleCheck, label: i18n.t("passthrough.checkPassed"), tone: "text-success-ink" }
    : { icon: CircleX, label: i18n.t("passthrough.checkFailed"), tone: "text-danger-ink" };
}

function checkText(check: TokenCheck): string {
  switch (check) {
    case "form":
      return i18n.t("passthrough.checkForm");
    case "keys":
      return i18n.t("passthrough.checkKeys");
    case "signature":
      return i18n.t("passthrough.checkSignature");
    case "expiry":
      return i18n.t("passthrough.checkExpiry");
    case "issuer":
      return i18n.t("passthrough.checkIssuer");
    case "audience":
      return i18n.t("passthrough.checkAudience");
    case "subject":
      return i18n.t("passthrough.checkSubject");
  }
}
