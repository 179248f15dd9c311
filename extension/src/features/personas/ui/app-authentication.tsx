import { useState } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { AppStatus, appNextStep } from "../../../ui/app-status.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";
import { Select } from "../../../ui/select.tsx";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { callersBring } from "../callers-bring.ts";
import type { SlotView } from "../persona-summary.ts";
import type { PersonaPanels } from "./persona-panels.ts";
import type { PersonaView } from "./use-personas.ts";

type AppAuthenticationProps = { view: PersonaView; connectApp: PersonaPanels["connectApp"] };

/** Whether each app answers for this persona, and by which account on this device. */
export function AppAuthentication({ view, connectApp }: AppAuthenticationProps) {
  return (
    <Section title={i18n.t("personas.appAuthentication")} description={whoseCredentials(view)}>
      <Card>
        <ul aria-label={i18n.t("personas.appAuthentication")} className="divide-y divide-line">
          {view.summary.slots.map((slot) => (
            <SlotRow key={slot.slotId} personaId={view.row.personaId} slot={slot} connectApp={connectApp} />
          ))}
        </ul>
      </Card>
    </Section>
  );
}

function whoseCredentials({ row }: PersonaView): string {
  switch (callersBring(row.accepted)) {
    case "nothing":
      return i18n.t("personas.appAuthenticationText");
    case "some":
      return i18n.t("passthrough.appAuthenticationSome");
    case "all":
      return i18n.t("passthrough.appAuthenticationAll");
  }
}

type SlotRowProps = { personaId: string; slot: SlotView; connectApp: PersonaPanels["connectApp"] };

function SlotRow({ personaId, slot, connectApp }: SlotRowProps) {
  const [open, setOpen] = useState(false);
  const { app, connection } = slot;
  const next = connection === null ? null : appNextStep(connection.status);
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <AppIcon name={slot.name} url={slot.appUrl} />
        <div className="min-w-0 flex-1 basis-40">
          <p className="truncate text-base font-medium">{slot.name}</p>
          <p className="truncate text-sm text-muted">{i18n.t("personas.tools", slot.tools)}</p>
        </div>
        {connection === null ? (
          <StatusDot
            tone="warning"
            text={app === null ? i18n.t("personas.appMissing") : i18n.t("personas.slotNotBound")}
          />
        ) : (
          <AppStatus status={connection.status} />
        )}
        {app === null && (
          <Button asChild size="sm">
            <a href={hrefTo({ page: "apps" })}>{i18n.t("personas.addApp")}</a>
          </Button>
        )}
        {app !== null && (slot.candidates.length > 1 || connection === null) && (
          <BindingSelect personaId={personaId} slot={slot} />
        )}
        {next !== null && !open && (
          <Button size="sm" variant="primary" onClick={() => setOpen(true)}>
            {i18n.t("personas.stepWithApp", { step: next, app: slot.name })}
          </Button>
        )}
      </div>
      {open && app !== null && connection !== null && connectApp(app, connection)}
    </li>
  );
}

const NONE = "none";

/** Which account of the app serves the persona on this device. */
function BindingSelect({ personaId, slot }: { personaId: string; slot: SlotView }) {
  const { run, pending, error } = useCommand("personas.bind");
  if (slot.candidates.length === 0) return null;
  const choose = (connectionId: string) => {
    if (connectionId !== NONE) void run({ personaId, slotId: slot.slotId, connectionId });
  };
  return (
    <>
      <Select
        size="sm"
        className="w-44"
        disabled={pending}
        label={i18n.t("personas.accountFor", { app: slot.name })}
        value={slot.connection?.connectionId ?? NONE}
        onChange={choose}
        options={[
          ...(slot.connection === null
            ? [{ value: NONE, label: i18n.t("personas.chooseAccount"), disabled: true }]
            : []),
          ...slot.candidates.map((candidate) => ({
            value: candidate.connectionId,
            label: plainLine(candidate.label) || slot.name,
          })),
        ]}
      />
      {error && (
        <p role="alert" className="basis-full text-sm text-danger-ink">
          {error.message}
        </p>
      )}
    </>
  );
}
