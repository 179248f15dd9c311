import { Drama, Plus, Radio, SquareArrowOutUpRight } from "lucide-react";
import { useEffect } from "react";
import { i18n } from "#i18n";
import { Brand } from "../ui/brand.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { TunnelStatus } from "../ui/tunnel-status.tsx";
import { useCommand } from "../ui/use-command.ts";
import { AppsToSignIn } from "./apps-to-sign-in.tsx";
import { consoleHref } from "./console-link.ts";
import { PersonaList } from "./persona-list.tsx";
import { PopupError } from "./popup-error.tsx";
import { SignInElsewhere, WaitingSignIns } from "./sign-in-elsewhere.tsx";
import { TunnelNotice } from "./tunnel-notice.tsx";
import { usePopup, type PopupData } from "./use-popup.ts";

/** The toolbar's window: what is on, and the ways on. Forms and sign-ins are in the console. */
export function Popup() {
  const data = usePopup();
  const { run: wake } = useCommand("status.get");
  useEffect(() => void wake({}), [wake]);
  const settled = data.state !== "loading";
  useEffect(() => {
    if (settled) performance.mark("popup-interactive");
  }, [settled]);
  return (
    <div className="flex max-h-150 min-h-60 w-95 max-w-full flex-col bg-surface">
      <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-3">
        <h1>
          <Brand />
        </h1>
        <div aria-live="polite" className="min-w-0">
          {data.state === "ready" && <TunnelStatus tunnel={data.value.state.tunnel} />}
        </div>
      </header>
      <main className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {data.state === "loading" && <SkeletonRows rows={3} />}
        {data.state === "failed" && <PopupError error={data.error} />}
        {data.state === "ready" &&
          (data.value.relay ? <Paired data={data.value} relayUrl={data.value.relay.relayUrl} /> : <NotPaired />)}
      </main>
      {data.state === "ready" && data.value.relay && <SignInElsewhere host={new URL(data.value.relay.relayUrl).host} />}
      <footer className="flex gap-2 border-t border-line px-4 py-3">
        {data.state === "ready" && data.value.relay && data.value.personas.length > 0 && (
          <Button asChild variant="primary" className="flex-1">
            <a href={consoleHref({ page: "persona-new" })} target="_blank">
              <Plus aria-hidden />
              {i18n.t("popup.create")}
            </a>
          </Button>
        )}
        <Button asChild className="flex-1">
          <a href={consoleHref({ page: "personas" })} target="_blank">
            <SquareArrowOutUpRight aria-hidden />
            {i18n.t("popup.openConsole")}
          </a>
        </Button>
      </footer>
    </div>
  );
}

function NotPaired() {
  return (
    <EmptyState
      icon={Radio}
      title={i18n.t("tunnel.unpaired")}
      text={i18n.t("tunnel.unpairedWhy")}
      action={
        <Button asChild variant="primary">
          <a href={consoleHref({ page: "welcome" })} target="_blank">
            {i18n.t("tunnel.pair")}
          </a>
        </Button>
      }
      className="py-10"
    />
  );
}

function Paired({ data, relayUrl }: { data: PopupData; relayUrl: string }) {
  return (
    <>
      <TunnelNotice state={data.state} host={new URL(relayUrl).host} />
      <WaitingSignIns count={data.signIns} />
      <AppsToSignIn apps={data.apps} />
      {data.personas.length > 0 ? (
        <PersonaList personas={data.personas} relayUrl={relayUrl} />
      ) : (
        <EmptyState
          icon={Drama}
          title={i18n.t("popup.noPersonas")}
          text={i18n.t("popup.noPersonasText")}
          action={
            <Button asChild variant="primary">
              <a href={consoleHref({ page: "persona-new" })} target="_blank">
                {i18n.t("popup.create")}
              </a>
            </Button>
          }
          className="py-10"
        />
      )}
    </>
  );
}
