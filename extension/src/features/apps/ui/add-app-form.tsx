import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { ProbeResult } from "../../../messages/contract.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { readAppAddress } from "./app-address.ts";
import { askOrigins } from "./ask-origins.ts";

export function AddAppForm({ onAdded }: { onAdded: (probe: ProbeResult) => void }) {
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const add = useCommand("apps.add");
  const url = readAppAddress(address);
  const problem = url === null ? i18n.t("apps.addressInvalid") : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setRefused(null);
    if (url === null) return;
    const asked = askOrigins([url.origin]);
    const probe = async () => {
      const fault = await asked;
      if (fault) return setRefused(fault);
      const given = name.trim();
      const answer = await add.run({ url: url.href, ...(given !== "" && { name: given }) });
      if (answer) onAdded(answer);
    };
    void probe();
  };

  const error = refused ?? add.error;
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <Field label={i18n.t("apps.address")} hint={i18n.t("apps.addressHint")} error={tried ? problem : null} required>
        <Input
          autoFocus
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          placeholder="https://gitlab.example.com/api/v4/mcp"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
      </Field>
      <Field label={i18n.t("apps.name")} aside={i18n.t("apps.optional")} hint={i18n.t("apps.nameHint")}>
        <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={80} autoComplete="off" />
      </Field>
      {error && <ErrorState error={error} />}
      {add.pending && <ProgressLine label={i18n.t("apps.probing")} />}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {add.pending && (
          <>
            <span role="status" className="me-auto text-sm text-muted">
              {i18n.t("apps.probing")}
            </span>
            <Button onClick={add.reset}>{i18n.t("ui.cancel")}</Button>
          </>
        )}
        <Button type="submit" variant="primary" pending={add.pending}>
          {i18n.t("apps.addAction")}
        </Button>
      </div>
    </form>
  );
}
