import { useState } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { Section } from "../../../ui/section.tsx";
import { chooseTheme, readTheme, THEMES, type Theme } from "../../../ui/theme.ts";

export function AppearanceSection() {
  const [theme, setTheme] = useState<Theme>(readTheme);
  return (
    <Section title={i18n.t("settings.appearance")}>
      <Card className="p-4">
        <RadioGroup
          label={i18n.t("settings.theme")}
          orientation="horizontal"
          value={theme}
          onChange={(next) => {
            chooseTheme(next);
            setTheme(next);
          }}
          options={THEMES.map((value) => ({ value, label: themeText(value) }))}
        />
      </Card>
    </Section>
  );
}

function themeText(theme: Theme): string {
  switch (theme) {
    case "system":
      return i18n.t("settings.themeSystem");
    case "light":
      return i18n.t("settings.themeLight");
    case "dark":
      return i18n.t("settings.themeDark");
  }
}
