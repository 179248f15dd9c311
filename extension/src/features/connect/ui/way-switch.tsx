import { i18n } from "#i18n";
import { RadioGroup } from "../../../ui/radio-group.tsx";

export type Way = "signIn" | "accessKey";

/** How the client is to prove itself; shown where the persona takes both. */
export const WaySwitch = ({ way, onChange }: { way: Way; onChange: (way: Way) => void }) => (
  <RadioGroup
    orientation="horizontal"
    className="gap-x-8"
    label={i18n.t("connect.way")}
    value={way}
    onChange={onChange}
    options={[
      { value: "signIn", label: i18n.t("connect.waySignIn"), hint: i18n.t("connect.waySignInHint") },
      { value: "accessKey", label: i18n.t("connect.wayKey"), hint: i18n.t("connect.wayKeyHint") },
    ]}
  />
);
