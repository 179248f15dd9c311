import { KeyRound, LogIn, Waypoints } from "lucide-react";
import { i18n } from "#i18n";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { AppStatus } from "../../../ui/app-status.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { ListRow } from "../../../ui/list-row.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { callersBring } from "../callers-bring.ts";
import { PassthroughDetails } from "./passthrough-details.tsx";
import type { PersonaPanels } from "./persona-panels.ts";
import type { PersonaView } from "./use-personas.ts";

type AuthenticationTabProps = { view: PersonaView; panels: PersonaPanels };

/** How callers prove who they are, clients and keys that may call, and the apps they reach. */
export function AuthenticationTab({ view, panels }: AuthenticationTabProps) {
  const { inbound, slots } = view.row.accepted;
  const forwarding = new Set(slots.filter((slot) => slot.usesForwardedHeaders === true).map(({ slotId }) => slotId));
  return (
    <div className="flex flex-col gap-8">
      <Section title={i18n.t("personas.modes")} description={i18n.t("personas.modesText")}>
        <Card className="divide-y divide-line">
          <ListRow
            icon={<LogIn aria-hidden className="size-5 text-muted" />}
            title={i18n.t("personas.interactive")}
            detail={<span className="whitespace-normal">{i18n.t("personas.interactiveText")}</span>}
            meta={<OnOff on={inbound.interactive} />}
          />
          <ListRow
            icon={<KeyRound aria-hidden className="size-5 text-muted" />}
            title={i18n.t("personas.accessKeys")}
            detail={<span className="whitespace-normal">{i18n.t("personas.accessKeysText")}</span>}
            meta={<OnOff on={inbound.accessKeys} />}
          />
          <ListRow
            icon={<Waypoints aria-hidden className="size-5 text-muted" />}
            title={i18n.t("passthrough.title")}
            detail={<span className="whitespace-normal">{i18n.t("passthrough.summaryText")}</span>}
            meta={<OnOff on={inbound.passthrough !== undefined} />}
          />
        </Card>
      </Section>
      {panels.clientList}
      {panels.keyList}
      {inbound.passthrough !== undefined && <PassthroughDetails view={view} passthrough={inbound.passthrough} />}
      {panels.limits}
      <Section title={i18n.t("personas.connectedApps")} description={reachText(view)}>
        <Card>
          <div className="divide-y divide-line">
            {view.summary.slots.map((slot) => (
              <ListRow
                key={slot.slotId}
                {...(slot.app !== null && { href: hrefTo({ page: "app", appId: slot.app.appId }) })}
                icon={<AppIcon name={slot.name} url={slot.appUrl} />}
                title={slot.name}
                detail={
                  <span className="whitespace-normal">
                    {i18n.t("personas.tools", slot.tools)}
                    {forwarding.has(slot.slotId) && (
                      <span className="sm:hidden"> · {i18n.t("passthrough.usesHeaders")}</span>
                    )}
                  </span>
                }
                meta={
                  <>
                    {forwarding.has(slot.slotId) && (
                      <Badge tone="accent" className="max-sm:hidden">
                        {i18n.t("passthrough.usesHeaders")}
                      </Badge>
                    )}
                    {slot.connection !== null && <AppStatus status={slot.connection.status} />}
                  </>
                }
              />
            ))}
          </div>
        </Card>
      </Section>
    </div>
  );
}

function reachText({ row }: PersonaView): string {
  switch (callersBring(row.accepted)) {
    case "nothing":
      return i18n.t("personas.connectedAppsText");
    case "some":
      return i18n.t("passthrough.connectedAppsSome");
    case "all":
      return i18n.t("passthrough.connectedAppsAll");
  }
}

const OnOff = ({ on }: { on: boolean }) =>
  on ? <Badge tone="success">{i18n.t("personas.on")}</Badge> : <Badge>{i18n.t("personas.off")}</Badge>;
