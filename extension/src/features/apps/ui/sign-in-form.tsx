import { ERRORS } from "@agent-personas/shared/errors/codes";
import { useRef, useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { ConnectWait } from "./connect-wait.tsx";
import type { Fault } from "./fault-of-credential.ts";
import { remedyOf } from "./remedy-of.ts";
import { AccountFields, ApplicationFields, OrganisationFields, type WayFieldsProps } from "./sign-in-ways.tsx";
import {
  draftOf,
  fieldOfFault,
  providerOrigins,
  toSignIn,
  wrongFields,
  type SignInDraft,
  type SignInField,
} from "./sign-in-fields.ts";
import type { Connect } from "./use-connect.ts";

type SignInFormProps = {
  app: AppRow;
  connection: ConnectionRow;
  /** Its fault is shown here once the form was sent, beside what it takes to correct it. */
  connect: Pick<Connect, "pending" | "error" | "stopWaiting">;
  /** Called inside the click; runs `save` after it has asked the browser for what it needs, `origins` included. */
  onSubmit: (save: () => Promise<boolean>, origins: readonly string[]) => void;
  onCancel?: () => void;
};

/** How a connection signs in: with the person's own account, as an application, or through their organisation. */
export function SignInForm({ app, connection, connect, onSubmit, onCancel }: SignInFormProps) {
  const { error: fault, pending: connecting } = connect;
  const [draft, setDraft] = useState<SignInDraft>(() => draftOf(connection));
  // As the form opens: what is saved from here is what it shows.
  const [hasSaved] = useState(connection.signIn !== undefined || connection.status !== "not_connected");
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<SignInDraft | null>(null);
  const [needsClient, setNeedsClient] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const save = useCommand("apps.set-sign-in");
  // Stays while the next attempt runs, which has no fault yet.
  if (!needsClient && fault !== null && NEEDS_CLIENT.has(fault.code)) setNeedsClient(true);

  const failed = sent === null ? null : (save.error ?? fault);
  const failedField = failed && fieldOfFault(failed.code);
  const wrong = wrongFields(draft, needsClient);
  const focusWrong = () => {
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };

  const change = (changes: Partial<SignInDraft>) => {
    // What is missing in another way is not yet the person's mistake.
    if (changes.kind !== undefined) setTried(false);
    setDraft({ ...draft, ...changes });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.pending || connecting) return;
    setTried(true);
    if (wrong.size > 0) return focusWrong();
    setSent(draft);
    const signIn = toSignIn(draft);
    const origins = signIn.kind === "enterprise_managed" ? providerOrigins(signIn.provider.issuer) : [];
    onSubmit(async () => {
      const saved = (await save.run({ connectionId: connection.connectionId, signIn, server })) !== undefined;
      if (!saved) focusWrong();
      return saved;
    }, origins);
  };
  const errorOf = (field: SignInField): string | null => {
    if (tried && wrong.has(field)) return missingText(field);
    if (failed === null || failedField !== field || sent?.[field] !== draft[field]) return null;
    return `${ERRORS[failed.code].text(failed.detail)} ${ERRORS[failed.code].next(failed.detail)}`;
  };
  // Where the app names another one now, to send a client there is for the person to decide.
  const server = fault?.code === "connect_server_changed" ? (fault.detail["server"] ?? null) : connection.issuer;
  const fields: WayFieldsProps = {
    app,
    draft,
    onChange: change,
    errorOf,
    needsClient,
    redirectUri: uriOf(fault),
    server,
  };
  return (
    <form ref={form} className="flex flex-col gap-5" onSubmit={submit} noValidate>
      <div className="flex flex-col gap-2">
        <p className="text-sm font-medium">{i18n.t("apps.signInWho")}</p>
        <RadioGroup
          label={i18n.t("apps.signInWho")}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: "authorization_code", label: i18n.t("apps.wayAccount"), hint: i18n.t("apps.wayAccountHint") },
            {
              value: "client_credentials",
              label: i18n.t("apps.wayApplication"),
              hint: i18n.t("apps.wayApplicationHint"),
            },
            {
              value: "enterprise_managed",
              label: i18n.t("apps.wayOrganisation"),
              hint: i18n.t("apps.wayOrganisationHint"),
            },
          ]}
        />
      </div>
      {draft.kind === "authorization_code" && <AccountFields {...fields} />}
      {draft.kind === "client_credentials" && <ApplicationFields {...fields} />}
      {draft.kind === "enterprise_managed" && <OrganisationFields {...fields} />}
      {hasSaved && <p className="text-sm text-muted">{i18n.t("apps.signInReplaces")}</p>}
      {connecting && (
        <div key="wait" ref={reveal} className="scroll-mb-20">
          <ConnectWait app={app} connection={connection} />
        </div>
      )}
      {failed && failedField === null && (
        <div key="fault" ref={reveal} className="scroll-mb-20">
          <ErrorState error={failed} />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={save.pending || connecting}>
          {failed && remedyOf(failed.code) === "allow"
            ? i18n.t("appStatus.allowAccess")
            : i18n.t("apps.saveAndConnect")}
        </Button>
        {connecting && <Button onClick={connect.stopWaiting}>{i18n.t("apps.stopWaiting")}</Button>}
        {onCancel && !connecting && <Button onClick={onCancel}>{i18n.t("ui.cancel")}</Button>}
      </div>
    </form>
  );
}

/** A long form would else end in something nobody sees; the buttons below it come along. */
const reveal = (element: HTMLElement | null) => element?.scrollIntoView({ block: "nearest" });

/** Faults after which leaving out the client would only bring them back. */
const NEEDS_CLIENT: ReadonlySet<string> = new Set(["connect_client_rejected", "connect_redirect_refused"]);

/** The address that the app refused, where it is not the usual one. */
const uriOf = (fault: Fault | null): string | undefined =>
  fault !== null && NEEDS_CLIENT.has(fault.code) ? fault.detail["uri"] : undefined;

function missingText(field: SignInField): string {
  switch (field) {
    case "clientId":
    case "providerClientId":
      return i18n.t("apps.clientIdMissing");
    case "clientSecret":
    case "providerSecret":
      return i18n.t("apps.clientSecretMissing");
    case "privateKey":
      return i18n.t("apps.privateKeyMissing");
    case "issuer":
      return i18n.t("apps.providerInvalid");
  }
}
