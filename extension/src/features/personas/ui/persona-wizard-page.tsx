import { Drama } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { useWizardStart } from "./use-wizard-start.ts";
import { Wizard, type AddApp } from "./wizard.tsx";

type PersonaWizardPageProps = { personaId: string | null; addApp: AddApp };

/** Makes a persona, or edits the one of this id. */
export function PersonaWizardPage(props: PersonaWizardPageProps) {
  const [round, setRound] = useState(0);
  return <WizardRound key={round} {...props} onRestart={() => setRound(round + 1)} />;
}

function WizardRound({ personaId, addApp, onRestart }: PersonaWizardPageProps & { onRestart: () => void }) {
  const loaded = useWizardStart(personaId);
  const catalogue = useLive(async (database) => {
    const [apps, connections, tools, items] = await Promise.all([
      database.apps.toArray(),
      database.connections.toArray(),
      database.tools.toArray(),
      database.items.toArray(),
    ]);
    return { apps, connections, tools, items };
  });
  if (loaded.state === "failed") return <ErrorState error={loaded.error} />;
  if (catalogue.state === "failed") return <ErrorState error={catalogue.error} />;
  if (loaded.state === "missing") {
    return (
      <EmptyState
        icon={Drama}
        title={i18n.t("personas.gone")}
        text={i18n.t("personas.goneText")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "personas" })}>{i18n.t("personas.toList")}</a>
          </Button>
        }
      />
    );
  }
  if (loaded.state === "loading" || catalogue.state === "loading") {
    return (
      <Card>
        <SkeletonRows />
      </Card>
    );
  }
  return <Wizard start={loaded.start} catalogue={catalogue.value} addApp={addApp} onRestart={onRestart} />;
}
