import { addressOf } from "@agent-personas/shared/primitives/endpoint";
import { Pencil } from "lucide-react";
import { i18n } from "#i18n";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { hrefTo, navigate } from "../../../ui/route.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";
import type { PersonaSummary } from "../persona-summary.ts";
import { AppStack } from "./app-stack.tsx";
import { PersonaMenu } from "./persona-menu.tsx";
import { PersonaStatusDot } from "./persona-status.tsx";

/** One persona: the whole row opens it, its buttons keep their own clicks. */
export function PersonaListRow({ persona, relayUrl }: { persona: PersonaSummary; relayUrl: string | null }) {
  const { personaId } = persona;
  const name = plainLine(persona.name);
  const endpoint = relayUrl === null ? null : addressOf(relayUrl, persona);
  return (
    <li className="relative flex [contain-intrinsic-size:auto_4rem] [content-visibility:auto] items-center gap-3 px-4 py-3 transition-colors first:rounded-t-lg last:rounded-b-lg hover:bg-hover">
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-1 lg:grid-cols-[minmax(0,1fr)_auto] lg:items-center">
        <div className="min-w-0">
          <div className="flex min-w-0 items-center gap-2.5">
            <a
              href={hrefTo({ page: "persona", personaId, tab: "overview" })}
              className="truncate text-base font-medium after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
            >
              {name}
            </a>
            <span className="shrink-0">
              <PersonaStatusDot status={persona.status} />
            </span>
          </div>
          <p dir="ltr" className="truncate text-start font-mono text-xs text-muted">
            {endpoint ?? persona.slug}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted lg:justify-end">
          <AppStack slots={persona.slots} />
          <span className="tabular-nums lg:min-w-16 lg:text-end">{i18n.t("personas.tools", persona.tools)}</span>
          <span className="lg:min-w-28 lg:text-end">
            {persona.lastUsedAt === null ? (
              i18n.t("personas.neverUsed")
            ) : (
              <span className="relative z-10">
                <RelativeTime at={persona.lastUsedAt} />
              </span>
            )}
          </span>
        </div>
      </div>
      <div className="relative z-10 flex shrink-0 items-center">
        {endpoint !== null && (
          <CopyButton iconOnly variant="ghost" text={endpoint} label={i18n.t("personas.copyEndpointOf", { name })} />
        )}
        <span className="hidden sm:inline">
          <IconButton
            label={i18n.t("personas.editNamed", { name })}
            onClick={() => navigate({ page: "persona-edit", personaId })}
          >
            <Pencil aria-hidden />
          </IconButton>
        </span>
        <PersonaMenu persona={persona} withEdit />
      </div>
    </li>
  );
}
