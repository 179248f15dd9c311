import { i18n } from "#i18n";
import { RadioGroup } from "../../../ui/radio-group.tsx";

export type Way = "signIn" | "accessKey" | "passthrough";

type WaySwitchProps = { ways: readonly Way[]; way: Way; onChange: (way: Way) => void };

/** How the client is to prove itself; shown where the persona takes several ways. */
export const WaySwitch = ({ ways, way, onChange }: WaySwitchProps) => (
  <RadioGroup
    orientation="horizontal"
    className="gap-x-8"
    label={i18n.t("connect.way")}
    value={way}
    onChange={onChange}
    options={ways.map((value) => ({ value, ...wayTexts(value) }))}
  />
);

function wayTexts(way: Way): { label: string; hint: string } {
  switch (way) {
    case "signIn":
      return { label: i18n.t("connect.waySignIn"), hint: i18n.t("connect.waySignInHint") };
    case "accessKey":
      return { label: i18n.t("connect.wayKey"), hint: i18n.t("connect.wayKeyHint") };
    case "passthrough":
      return { label: i18n.t("passthrough.way"), hint: i18n.t("passthrough.wayHint") };
  }
}
