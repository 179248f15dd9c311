import type { KeyExpiry } from "@agent-personas/shared/api/personas";
import { i18n } from "#i18n";
import { RadioGroup } from "../../../ui/radio-group.tsx";

/** How long the key works, each with the case it is meant for. */
export const ExpiryField = ({ value, onChange }: { value: KeyExpiry; onChange: (value: KeyExpiry) => void }) => (
  <div className="flex flex-col gap-2">
    <p className="text-sm font-medium">{i18n.t("keys.expires")}</p>
    <RadioGroup
      label={i18n.t("keys.expires")}
      value={value}
      onChange={onChange}
      className="grid gap-x-5 gap-y-2.5 sm:grid-cols-2"
      options={[
        { value: "30d", label: i18n.t("keys.expiry30d"), hint: i18n.t("keys.expiry30dHint") },
        { value: "90d", label: i18n.t("keys.expiry90d"), hint: i18n.t("keys.expiry90dHint") },
        { value: "1y", label: i18n.t("keys.expiry1y"), hint: i18n.t("keys.expiry1yHint") },
        { value: "never", label: i18n.t("keys.expiryNever"), hint: i18n.t("keys.expiryNeverHint") },
      ]}
    />
  </div>
);
