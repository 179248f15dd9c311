import { CONNECT_CLIENTS, entryName, type ConnectClient } from "@agent-personas/shared/connect/client-catalogue";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { Grant } from "@agent-personas/shared/api/grants";
import type { InboundModes } from "@agent-personas/shared/persona/persona-version";
import { endpointUrl, keyEndpointUrl, passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { useMemo, useState } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../db/rows.ts";
import { ClientList } from "../features/ai-clients/ui/client-list.tsx";
import { useGrants } from "../features/ai-clients/ui/use-grants.ts";
import { isDead, toolsByScope } from "../features/access-keys/key-view.ts";
import { KeyDialog } from "../features/access-keys/ui/key-dialog.tsx";
import { KeyList } from "../features/access-keys/ui/key-list.tsx";
import { KeySummary } from "../features/access-keys/ui/key-summary.tsx";
import { useKeys } from "../features/access-keys/ui/use-keys.ts";
import { ConnectPanel as ConnectAppPanel } from "../features/apps/ui/connect-panel.tsx";
import { keyNameFor } from "../features/connect/client-proof.ts";
import { ConnectPanel, type ClientId } from "../features/connect/ui/connect-panel.tsx";
import { usageOfKeys } from "../features/limits/limits-view.ts";
import { LimitNotice } from "../features/limits/ui/limit-notice.tsx";
import { PersonaLimitsPanel } from "../features/limits/ui/persona-limits-panel.tsx";
import { useLimits } from "../features/limits/ui/use-limits.ts";
import { forwardingApps } from "../features/personas/forwarding-apps.ts";
import type { CallerReach } from "../features/personas/missing-tool.ts";
import { PersonaPage } from "../features/personas/ui/persona-page.tsx";
import { usePersona } from "../features/personas/ui/use-personas.ts";
import { plainLine } from "../lib/hidden-characters.ts";
import { useLeaveGuard } from "../ui/leave-guard.ts";
import { hrefTo, type PersonaTab } from "../ui/route.ts";

/** A persona's page with what keys, clients and apps put into it; features do not know each other. */
export function PersonaScreen({ personaId, tab }: { personaId: string; tab: PersonaTab }) {
  const keys = useKeys(personaId);
  const grants = useGrants(personaId);
  const limits = useLimits();
  const live = usePersona(personaId);
  const [creating, setCreating] = useState<{ client: ConnectClient | null } | null>(null);
  const [secrets, setSecrets] = useState<Partial<Record<ClientId, string>>>({});
  const [saved, setSaved] = useState<ReadonlySet<ClientId>>(new Set());
  // Also while another tab of this page is shown, which keeps the secrets.
  useLeaveGuard(CONNECT_CLIENTS.some(({ id }) => secrets[id] !== undefined && !saved.has(id)));
  const view = live.state === "ready" ? live.value : null;
  const byScope = view === null ? { read: [], write: [], destructive: [] } : toolsByScope(view.row.accepted);
  const inbound: InboundModes = view?.row.accepted.inbound ?? { accessKeys: false, interactive: false };
  // A key of a persona that takes none any more is still there to be seen and revoked.
  const showKeys = inbound.accessKeys || keys.keys.length > 0;
  const callers = useMemo(() => reachOf(keys.keys, grants.grants), [keys.keys, grants.grants]);
  const create = () => setCreating({ client: null });
  const manageHref = hrefTo({ page: "persona", personaId, tab: "authentication" });
  return (
    <>
      <PersonaPage
        live={live}
        tab={tab}
        panels={{
          keySummary: showKeys && <KeySummary keys={keys} manageHref={manageHref} onCreate={create} />,
          keyList: showKeys && (
            <KeyList keys={keys} byScope={byScope} usage={usageOfKeys(limits.overview)} onCreate={create} />
          ),
          clientList: (inbound.interactive || grants.grants.length > 0) && <ClientList grants={grants} />,
          connect: view !== null && view.relayUrl !== null && hasWayIn(inbound) && (
            <ConnectPanel
              entry={entryName(view.row.accepted.name)}
              endpoint={endpointUrl(view.relayUrl, view.row.slug)}
              keyEndpoint={keyEndpointUrl(view.relayUrl, view.row.slug)}
              passthroughEndpoint={passthroughEndpointUrl(view.relayUrl, view.row.slug)}
              inbound={inbound}
              forwardingApps={forwardingApps(view.row.accepted)}
              keys={keys.keys}
              grants={grants.grants}
              secrets={secrets}
              saved={saved}
              onSaved={(client) => setSaved(new Set([...saved, client]))}
              onCreateKey={(client) => setCreating({ client })}
            />
          ),
          limits: view !== null && (
            <PersonaLimitsPanel persona={{ personaId, name: plainLine(view.row.accepted.name) }} limits={limits} />
          ),
          callers,
          limitNotice: limits.overview !== null && <LimitNotice overview={limits.overview} personaId={personaId} />,
          connectApp,
        }}
      />
      {creating !== null && view !== null && (
        <KeyDialog
          personaId={personaId}
          byScope={byScope}
          {...(creating.client !== null && {
            name: keyNameFor(creating.client.title, view.deviceName, (client, device) =>
              i18n.t("connect.keyName", { client, device }),
            ),
            secretShownElsewhere: true,
          })}
          onClose={() => setCreating(null)}
          onCreated={({ secret }) => {
            if (creating.client !== null) setSecrets({ ...secrets, [creating.client.id]: secret });
            void keys.reload();
          }}
        />
      )}
    </>
  );
}

const hasWayIn = ({ interactive, accessKeys, passthrough }: InboundModes): boolean =>
  interactive || accessKeys || passthrough !== undefined;

const connectApp = (app: AppRow, connection: ConnectionRow) => <ConnectAppPanel app={app} connection={connection} />;

/** Who calls with less than the whole persona is a reason why a tool may be missing. */
function reachOf(keys: readonly AccessKey[], grants: readonly Grant[]): CallerReach[] {
  const now = Date.now();
  const alive = keys.filter((key) => !isDead(key, now));
  const open = grants.filter(({ endedForReuseAt, expiresAt }) => endedForReuseAt === null && expiresAt > now);
  return [
    ...alive.map(({ name, scopes, tools }) => ({ name, scopes, tools })),
    ...open.map(({ client, scopes, tools }) => ({ name: client.name, scopes, tools })),
  ];
}
