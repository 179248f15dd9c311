import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { useLive } from "../../../ui/use-live.ts";
import { useRelay } from "../../../ui/use-relay.ts";
import { CodePanel } from "./code-panel.tsx";
import { WaitingSignInCard } from "./waiting-sign-in-card.tsx";

/** Sign-ins on other browsers and computers that wait for this person, and the code that begins one. */
export function SignInsPage({ first }: { first: string | null }) {
  const relay = useRelay();
  const host = relay.state === "ready" ? (relay.value?.host ?? null) : null;
  const [said, setSaid] = useState("");
  const refresh = useCommand("sign-ins.refresh");
  const { run } = refresh;
  useEffect(() => void run({}), [run]);
  const live = useLive(async (db) => {
    const stored = await db.signIns.toArray();
    const signIns = stored.toSorted((a, b) => Number(b.signInId === first) - Number(a.signInId === first));
    const personas = await db.personas.bulkGet(signIns.flatMap(({ personaId }) => personaId ?? []));
    const names = new Map(personas.flatMap((row) => (row ? [[row.personaId, row.accepted.name] as const] : [])));
    return signIns.map((signIn) => ({ signIn, persona: names.get(signIn.personaId ?? "") ?? null }));
  }, first);
  return (
    <>
      <PageHeader title={i18n.t("signIns.title")} description={i18n.t("signIns.intro")} />
      <div className="flex flex-col gap-8">
        <Section title={i18n.t("signIns.waiting")}>
          {refresh.error && <ErrorState error={refresh.error} onRetry={() => void run({})} />}
          {live.state === "failed" && <ErrorState error={live.error} />}
          {live.state === "loading" && (
            <Card>
              <SkeletonRows rows={1} />
            </Card>
          )}
          {live.state === "ready" && live.value.length === 0 && (
            <Card>
              <EmptyState
                icon={ShieldCheck}
                title={i18n.t("signIns.empty")}
                text={i18n.t("signIns.emptyText")}
                className="py-8"
              />
            </Card>
          )}
          {live.state === "ready" &&
            live.value.map(({ signIn, persona }) => (
              <WaitingSignInCard key={signIn.signInId} signIn={signIn} persona={persona} onDecided={setSaid} />
            ))}
          <p role="status" className="text-base text-muted empty:hidden">
            {said}
          </p>
        </Section>
        {host !== null && (
          <Section title={i18n.t("signIns.elsewhere")} description={i18n.t("signIns.elsewhereText")}>
            <div className="max-w-sm">
              <CodePanel host={host} />
            </div>
          </Section>
        )}
      </div>
    </>
  );
}
