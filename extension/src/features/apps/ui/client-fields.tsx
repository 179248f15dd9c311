import { i18n } from "#i18n";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";

type ClientFieldsProps = {
  clientId: string;
  clientSecret: string;
  onChange: (changes: { clientId?: string; clientSecret?: string }) => void;
  /** Of the client ID. */
  error: string | null;
  /** Whether there is no other client to fall back on. */
  required: boolean;
};

export const ClientIdField = ({ clientId, onChange, error, required }: Omit<ClientFieldsProps, "clientSecret">) => (
  <Field
    label={i18n.t("apps.clientId")}
    error={error}
    required={required}
    {...(!required && { aside: i18n.t("apps.optional"), hint: i18n.t("apps.clientIdHint") })}
  >
    <Input
      value={clientId}
      onChange={(event) => onChange({ clientId: event.target.value })}
      maxLength={500}
      autoComplete="off"
      spellCheck={false}
      dir="ltr"
    />
  </Field>
);

/** An OAuth client whose secret is optional. */
export const ClientFields = ({ clientId, clientSecret, onChange, error, required }: ClientFieldsProps) => (
  <div className="grid gap-4 sm:grid-cols-2">
    <ClientIdField clientId={clientId} onChange={onChange} error={error} required={required} />
    <Field label={i18n.t("apps.clientSecret")} aside={i18n.t("apps.optional")}>
      <Input
        type="password"
        value={clientSecret}
        onChange={(event) => onChange({ clientSecret: event.target.value })}
        maxLength={2_000}
        autoComplete="off"
        dir="ltr"
      />
    </Field>
  </div>
);
