import { ERRORS } from "@agent-personas/shared/errors/codes";
import { addressOf } from "@agent-personas/shared/primitives/endpoint";
import { Check, Copy } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../ui/button.tsx";
import { StatusDot, type StatusTone } from "../ui/status-dot.tsx";
import { Switch } from "../ui/switch.tsx";
import { useCommand } from "../ui/use-command.ts";
import { useCopy } from "../ui/use-copy.ts";
import { consoleHref } from "./console-link.ts";
import type { PersonaState, PopupPersona } from "./popup-view.ts";

const TONES: Record<PersonaState["kind"], StatusTone> = {
  ready: "success",
  paused: "neutral",
  offline: "neutral",
  apps: "warning",
};

export function PersonaRow({ persona, relayUrl }: { persona: PopupPersona; relayUrl: string }) {
  const setStatus = useCommand("personas.set-status");
  const { copied, copy } = useCopy(addressOf(relayUrl, persona));
  const { personaId, name, active } = persona;
  return (
    <li className="[contain-intrinsic-block-size:auto_63px] [content-visibility:auto] relative flex flex-col px-4 py-2.5 transition-colors hover:bg-hover">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <a
            href={consoleHref({ page: "persona", personaId, tab: "overview" })}
            target="_blank"
            className="block truncate text-base font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
          >
            {name}
          </a>
          <span className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
            <StatusDot tone={TONES[persona.state.kind]} text={stateText(persona.state)} />
            <span aria-hidden>·</span>
            <span className="shrink-0">{i18n.t("popup.tools", persona.tools)}</span>
          </span>
        </div>
        <div className="relative z-10 flex items-center gap-2">
          <Button
            variant="ghost"
            size="sm"
            className="w-7 px-0"
            title={i18n.t("popup.copyEndpoint")}
            aria-label={i18n.t("popup.copyEndpointOf", { name })}
            onClick={() => void copy()}
          >
            {copied ? <Check aria-hidden className="text-success-ink" /> : <Copy aria-hidden />}
          </Button>
          <span aria-live="polite" className="sr-only">
            {copied ? i18n.t("ui.copied") : ""}
          </span>
          <Switch
            label={i18n.t("popup.activeSwitch", { name })}
            checked={active}
            disabled={setStatus.pending}
            onChange={(on) => void setStatus.run({ personaId, status: on ? "active" : "paused" })}
          />
        </div>
      </div>
      {setStatus.error && (
        <p role="alert" className="mt-1 text-sm text-danger-ink">
          {setStatus.error.message} {ERRORS[setStatus.error.code].next(setStatus.error.detail)}
        </p>
      )}
    </li>
  );
}

function stateText(state: PersonaState): string {
  switch (state.kind) {
    case "ready":
      return i18n.t("popup.ready");
    case "paused":
      return i18n.t("popup.paused");
    case "offline":
      return i18n.t("popup.notReachable");
    case "apps":
      return i18n.t("popup.appsNotWorking", { apps: state.apps.join(", ") });
  }
}
