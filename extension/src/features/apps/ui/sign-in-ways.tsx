import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { identity } from "../../../platform/browser.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import { ClientFields, ClientIdField } from "./client-fields.tsx";
import { hostOf, type SignInDraft, type SignInField } from "./sign-in-fields.ts";

export type WayFieldsProps = {
  app: AppRow;
  draft: SignInDraft;
  onChange: (changes: Partial<SignInDraft>) => void;
  errorOf: (field: SignInField) => string | null;
  /** The app does not register this extension. */
  needsClient: boolean;
  /** The address the app refused, where it is not the usual one. */
  redirectUri: string | undefined;
  /** The app's authorization server, where it is known. */
  server: string | null;
};

/** The person's own account: an OAuth client of their own, where the app registers none or not as they like. */
export function AccountFields(props: WayFieldsProps) {
  return (
    <>
      <RedirectUri uri={props.redirectUri ?? identity.redirectUrl()} hint={i18n.t("apps.redirectUriHint")} />
      <AppClientFields {...props} />
    </>
  );
}

/** A client that acts in its own name. */
export function ApplicationFields({ draft, onChange, errorOf, server }: WayFieldsProps) {
  return (
    <>
      <ClientIdField clientId={draft.clientId} onChange={onChange} error={errorOf("clientId")} required />
      <div className="flex flex-col gap-2">
        <p className="text-sm font-medium">{i18n.t("apps.proof")}</p>
        <RadioGroup
          orientation="horizontal"
          label={i18n.t("apps.proof")}
          value={draft.proof}
          onChange={(proof) => onChange({ proof })}
          options={[
            { value: "secret", label: i18n.t("apps.proofSecret") },
            { value: "key", label: i18n.t("apps.proofKey") },
          ]}
        />
      </div>
      {draft.proof === "secret" ? (
        <Field
          label={i18n.t("apps.clientSecret")}
          hint={i18n.t("apps.secretHint")}
          error={errorOf("clientSecret")}
          required
        >
          <Input
            type="password"
            value={draft.clientSecret}
            onChange={(event) => onChange({ clientSecret: event.target.value })}
            maxLength={2_000}
            autoComplete="off"
            dir="ltr"
          />
        </Field>
      ) : (
        <Field
          label={i18n.t("apps.privateKey")}
          hint={i18n.t("apps.privateKeyHint")}
          error={errorOf("privateKey")}
          required
        >
          <Textarea
            rows={5}
            value={draft.privateKey}
            onChange={(event) => onChange({ privateKey: event.target.value })}
            placeholder="-----BEGIN PRIVATE KEY-----"
            maxLength={16_000}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
            className="font-mono text-sm"
          />
        </Field>
      )}
      <SentTo server={server} />
    </>
  );
}

/** The identity provider that vouches for the person, and the client that redeems its word at the app. */
export function OrganisationFields(props: WayFieldsProps) {
  const { app, draft, onChange, errorOf } = props;
  return (
    <>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-3 text-base font-semibold">{i18n.t("apps.atProvider")}</legend>
        <Field
          label={i18n.t("apps.providerIssuer")}
          hint={i18n.t("apps.providerIssuerHint")}
          error={errorOf("issuer")}
          required
        >
          <Input
            value={draft.issuer}
            onChange={(event) => onChange({ issuer: event.target.value })}
            placeholder="https://login.example.com"
            maxLength={2_000}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
        </Field>
        <RedirectUri uri={identity.providerRedirectUrl()} hint={i18n.t("apps.providerRedirectHint")} />
        <ClientFields
          clientId={draft.providerClientId}
          clientSecret={draft.providerSecret}
          onChange={({ clientId, clientSecret }) =>
            onChange({
              ...(clientId !== undefined && { providerClientId: clientId }),
              ...(clientSecret !== undefined && { providerSecret: clientSecret }),
            })
          }
          error={errorOf("providerClientId")}
          required
        />
      </fieldset>
      <fieldset className="flex flex-col gap-4">
        <legend className="mb-3 text-base font-semibold">{i18n.t("apps.atApp", { app: app.name })}</legend>
        <AppClientFields {...props} />
      </fieldset>
    </>
  );
}

const AppClientFields = ({ draft, onChange, errorOf, needsClient, server }: WayFieldsProps) => (
  <>
    <ClientFields
      clientId={draft.clientId}
      clientSecret={draft.clientSecret}
      onChange={onChange}
      error={errorOf("clientId")}
      required={needsClient || draft.clientSecret !== ""}
    />
    <SentTo server={server} />
  </>
);

/** Whoever enters a secret should know to whom the app has it sent. */
const SentTo = ({ server }: { server: string | null }) =>
  server !== null && (
    <p className="text-sm break-words text-muted">{i18n.t("apps.sentTo", { server: hostOf(server) })}</p>
  );

const RedirectUri = ({ uri, hint }: { uri: string; hint: string }) => (
  <div className="flex flex-col gap-1.5">
    <p className="text-sm font-medium">{i18n.t("apps.redirectUri")}</p>
    <CodeBlock wrap text={uri} label={i18n.t("apps.redirectUri")} copyLabel={i18n.t("apps.copyRedirectUri")} />
    <p className="text-sm text-muted">{hint}</p>
  </div>
);
