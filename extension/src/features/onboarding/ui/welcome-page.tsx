import { useState, type ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { cn } from "../../../ui/cn.ts";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useRelay, type RelayView } from "../../../ui/use-relay.ts";
import { PairStep } from "./pair-step.tsx";
import { useSetupProgress } from "./use-setup-progress.ts";
import { WelcomeStep } from "./welcome-step.tsx";

/** The three first steps. What is done comes from what exists, so that it can be left and taken up again. */
export function WelcomePage({ addApp }: { addApp: ReactNode }) {
  const progress = useSetupProgress();
  const relay = useRelay();
  // The recovery code of a pairing just made must be saved before the step counts as done.
  const [pairing, setPairing] = useState(false);
  if (progress.state === "failed") return <ErrorState error={progress.error} />;
  if (progress.state === "loading" || relay.state !== "ready") {
    return (
      <Card className="mx-auto max-w-2xl">
        <SkeletonRows rows={3} />
      </Card>
    );
  }
  const { paired, connected, persona } = progress.value;
  const { state } = relay.value;
  const mustPair = !paired || state.tunnel === "signed_out" || pairing;
  const current = mustPair ? 1 : !connected ? 2 : persona ? null : 3;
  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader title={i18n.t("welcome.title")} description={i18n.t("welcome.description")} />
      <ol className="flex flex-col gap-3">
        <WelcomeStep
          number={1}
          state={mustPair ? "current" : "done"}
          title={i18n.t("welcome.pairTitle")}
          summary={pairSummary(relay.value)}
        >
          <PairStep repair={paired && state.tunnel === "signed_out"} onPairingChange={setPairing} />
        </WelcomeStep>
        <WelcomeStep
          number={2}
          state={connected ? "done" : current === 2 ? "current" : "later"}
          title={i18n.t("welcome.appTitle")}
          summary={connected ? i18n.t("welcome.appDone") : i18n.t("welcome.appSummary")}
        >
          {addApp}
        </WelcomeStep>
        <WelcomeStep
          number={3}
          state={persona ? "done" : current === 3 ? "current" : "later"}
          title={i18n.t("welcome.personaTitle")}
          summary={persona ? i18n.t("welcome.personaDone") : i18n.t("welcome.personaSummary")}
        >
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "persona-new" })}>{i18n.t("welcome.createPersona")}</a>
          </Button>
        </WelcomeStep>
      </ol>
      <div className={cn("mt-5 flex justify-end", pairing && "invisible")}>
        <Button asChild variant={current === null ? "primary" : "ghost"}>
          <a href={hrefTo({ page: "personas" })}>
            {current === null ? i18n.t("welcome.openPersonas") : i18n.t("welcome.skip")}
          </a>
        </Button>
      </div>
    </div>
  );
}

function pairSummary({ host, state }: RelayView): string {
  if (state.tunnel === "signed_out") return i18n.t("tunnel.signedOutWhy");
  return host === null ? i18n.t("welcome.pairSummary") : i18n.t("welcome.pairedWith", { host });
}
