import { i18n } from "#i18n";
import { runtime } from "../../../platform/browser.ts";
import { Card } from "../../../ui/card.tsx";
import { Section } from "../../../ui/section.tsx";

export function AboutSection() {
  return (
    <Section title={i18n.t("settings.about")}>
      <Card className="flex flex-col gap-1 p-4 text-base">
        <p className="font-medium">{i18n.t("settings.version", { version: runtime.version() })}</p>
        <p className="text-muted">{i18n.t("settings.promise")}</p>
      </Card>
    </Section>
  );
}
