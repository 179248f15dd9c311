import { useEffect, type ReactNode } from "react";
import { i18n } from "#i18n";
import { SetupLink } from "../features/onboarding/ui/setup-link.tsx";
import { Brand } from "../ui/brand.tsx";
import { hrefTo, type Route } from "../ui/route.ts";
import { TunnelStatus, tunnelText } from "../ui/tunnel-status.tsx";
import { useCommand } from "../ui/use-command.ts";
import { useRelay } from "../ui/use-relay.ts";
import { Navigation } from "./navigation.tsx";
import { TunnelPanel } from "./tunnel-panel.tsx";

/** Sidebar, or top bar where it is narrow, around the page. */
export function Shell({ route, children }: { route: Route | null; children: ReactNode }) {
  const relay = useRelay();
  const { run: wake } = useCommand("status.get");
  useEffect(() => void wake({}), [wake]);
  const view = relay.state === "ready" ? relay.value : null;
  return (
    <div className="flex min-h-dvh flex-col bg-canvas md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector("main")?.focus();
        }}
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        {i18n.t("console.skip")}
      </a>
      <aside
        aria-label={i18n.t("console.sidebar")}
        className="sticky top-0 hidden h-dvh flex-col gap-4 overflow-y-auto border-e border-line bg-surface px-3 py-4 md:flex"
      >
        <a href={hrefTo({ page: "personas" })} className="w-fit rounded-md px-2.5 py-1">
          <Brand />
        </a>
        <Navigation route={route} direction="column" />
        <div className="mt-auto flex flex-col gap-3">
          <SetupLink />
          {view && <TunnelPanel state={view.state} host={view.host} />}
        </div>
      </aside>
      <header
        data-bar="top"
        className="sticky top-0 z-30 flex flex-col gap-1 border-b border-line bg-surface px-3 pt-2.5 pb-1.5 md:hidden"
      >
        <div className="flex items-center justify-between gap-3 ps-1.5 pe-1">
          <a href={hrefTo({ page: "personas" })} className="rounded-md">
            <Brand />
          </a>
          {view && <TunnelStatus tunnel={view.state.tunnel} />}
        </div>
        <Navigation route={route} direction="row" />
      </header>
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-6 md:px-8 md:py-8">
        <div className="mx-auto w-full max-w-5xl">{children}</div>
      </main>
      <div aria-live="polite" className="sr-only">
        {view && i18n.t("console.relayState", { state: tunnelText(view.state.tunnel) })}
      </div>
    </div>
  );
}
