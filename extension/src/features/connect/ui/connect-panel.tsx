import type { Grant } from "@agent-personas/shared/api/grants";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import { CONNECT_CLIENTS, type ConnectClient } from "@agent-personas/shared/connect/client-catalogue";
import type { InboundModes } from "@agent-personas/shared/persona/persona-version";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Section } from "../../../ui/section.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { clientLastSeen } from "../client-proof.ts";
import { ClientSetup } from "./client-setup.tsx";
import { SignInSetup } from "./sign-in-setup.tsx";
import { WaySwitch, type Way } from "./way-switch.tsx";

export type ClientId = ConnectClient["id"];

type ConnectPanelProps = {
  /** The entry's name in the client's configuration. */
  entry: string;
  /** For clients that sign in. */
  endpoint: string;
  keyEndpoint: string;
  /** The persona's ways in, at least one. */
  inbound: InboundModes;
  keys: readonly AccessKey[];
  grants: readonly Grant[];
  /** Secrets of keys made while this page is open, by the client they were made for. */
  secrets: Partial<Record<ClientId, string>>;
  /** The clients whose key the person said is kept. */
  saved: ReadonlySet<ClientId>;
  onSaved: (client: ClientId) => void;
  onCreateKey: (client: ConnectClient) => void;
};

/** The endpoint and, for each client, what to paste where. */
export function ConnectPanel(props: ConnectPanelProps) {
  const { entry, endpoint, keyEndpoint, inbound, keys, grants, secrets, saved, onSaved, onCreateKey } = props;
  const [chosen, setChosen] = useState<ClientId>("claude-code");
  const [wanted, setWanted] = useState<Way>("signIn");
  const way: Way = inbound.interactive && (wanted === "signIn" || !inbound.accessKeys) ? "signIn" : "accessKey";
  const clients = CONNECT_CLIENTS.filter(({ afterwards }) => afterwards[way] !== null);
  const address = way === "signIn" ? endpoint : keyEndpoint;
  return (
    <Section
      title={i18n.t("connect.title")}
      description={way === "signIn" ? i18n.t("connect.introSignIn") : i18n.t("connect.intro")}
    >
      <Card className="flex flex-col gap-4 p-4">
        {inbound.interactive && inbound.accessKeys && <WaySwitch way={way} onChange={setWanted} />}
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium">{i18n.t("connect.endpoint")}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-sunken p-1.5 ps-3 max-sm:flex-col max-sm:items-start max-sm:p-3">
            <code dir="ltr" className="min-w-0 flex-1 text-start font-mono text-sm break-all">
              {address}
            </code>
            <CopyButton size="sm" text={address} label={i18n.t("connect.copyEndpoint")} />
          </div>
          {way === "accessKey" && <p className="text-sm text-muted">{i18n.t("connect.endpointHint")}</p>}
        </div>
        <Tabs
          label={i18n.t("connect.clients")}
          value={clients.some(({ id }) => id === chosen) ? chosen : "claude-code"}
          onChange={setChosen}
          items={clients.map((client) => {
            const seenAt = clientLastSeen(client.id, { keys, grants });
            return {
              value: client.id,
              label: client.title,
              ...(seenAt !== null && {
                aside: <CircleCheck aria-label={i18n.t("connect.connected")} className="size-3.5 text-success-ink" />,
              }),
              content:
                way === "signIn" ? (
                  <SignInSetup client={client} entry={entry} endpoint={endpoint} seenAt={seenAt} />
                ) : (
                  <ClientSetup
                    client={client}
                    entry={entry}
                    keyEndpoint={keyEndpoint}
                    secret={secrets[client.id] ?? null}
                    saved={saved.has(client.id)}
                    onSaved={() => onSaved(client.id)}
                    seenAt={seenAt}
                    onCreateKey={() => onCreateKey(client)}
                  />
                ),
            };
          })}
        />
      </Card>
    </Section>
  );
}
