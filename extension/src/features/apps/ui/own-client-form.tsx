import { useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { ConnectionRow } from "../../../db/rows.ts";
import { identity } from "../../../platform/browser.ts";
import { Button } from "../../../ui/button.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";

type OwnClientFormProps = {
  connection: ConnectionRow;
  /** The address the app refused, where it is not the usual one. */
  redirectUri: string | undefined;
  /** Called inside the click; runs `save` after it has asked the browser for what it needs. */
  onSubmit: (save: () => Promise<boolean>) => void;
};

/** For apps that do not let clients register themselves: the person makes an OAuth client there and enters its id. */
export function OwnClientForm({ connection, redirectUri, onSubmit }: OwnClientFormProps) {
  const [clientId, setClientId] = useState("");
  const [clientSecret, setClientSecret] = useState("");
  const [tried, setTried] = useState(false);
  const save = useCommand("apps.set-sign-in");
  const missing = clientId.trim() === "" ? i18n.t("apps.clientIdMissing") : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing !== null) return;
    onSubmit(async () => {
      const saved = await save.run({
        connectionId: connection.connectionId,
        signIn: {
          kind: "authorization_code",
          client: { clientId, ...(clientSecret !== "" && { clientSecret }) },
        },
      });
      return saved !== undefined;
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">{i18n.t("apps.redirectUri")}</p>
        <CodeBlock
          wrap
          text={redirectUri ?? identity.redirectUrl()}
          label={i18n.t("apps.redirectUri")}
          copyLabel={i18n.t("apps.copyRedirectUri")}
        />
        <p className="text-sm text-muted">{i18n.t("apps.redirectUriHint")}</p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={i18n.t("apps.clientId")} error={tried ? missing : null} required>
          <Input
            value={clientId}
            onChange={(event) => setClientId(event.target.value)}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
        </Field>
        <Field label={i18n.t("apps.clientSecret")} aside={i18n.t("apps.optional")}>
          <Input
            type="password"
            value={clientSecret}
            onChange={(event) => setClientSecret(event.target.value)}
            maxLength={2_000}
            autoComplete="off"
            dir="ltr"
          />
        </Field>
      </div>
      {save.error && <ErrorState error={save.error} />}
      <Button type="submit" variant="primary" className="self-start" pending={save.pending}>
        {i18n.t("apps.saveAndConnect")}
      </Button>
    </form>
  );
}
