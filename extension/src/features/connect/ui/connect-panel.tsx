import type { AccessKey } from "@agent-personas/shared/api/personas";
import { CONNECT_CLIENTS, type ConnectClient } from "@agent-personas/shared/connect/client-catalogue";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Section } from "../../../ui/section.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { clientLastSeen } from "../client-proof.ts";
import { ClientSetup } from "./client-setup.tsx";

export type ClientId = ConnectClient["id"];

type ConnectPanelProps = {
  /** The entry's name in the client's configuration. */
  entry: string;
  keyEndpoint: string;
  keys: readonly AccessKey[];
  /** Secrets of keys made while this page is open, by the client they were made for. */
  secrets: Partial<Record<ClientId, string>>;
  /** The clients whose key the person said is kept. */
  saved: ReadonlySet<ClientId>;
  onSaved: (client: ClientId) => void;
  onCreateKey: (client: ConnectClient) => void;
};

/** The endpoint and, for each client, what to paste where. */
export function ConnectPanel(props: ConnectPanelProps) {
  const { entry, keyEndpoint, keys, secrets, saved, onSaved, onCreateKey } = props;
  const [chosen, setChosen] = useState<ClientId>("claude-code");
  return (
    <Section title={i18n.t("connect.title")} description={i18n.t("connect.intro")}>
      <Card className="flex flex-col gap-4 p-4">
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium">{i18n.t("connect.endpoint")}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-sunken p-1.5 ps-3 max-sm:flex-col max-sm:items-start max-sm:p-3">
            <code dir="ltr" className="min-w-0 flex-1 text-start font-mono text-sm break-all">
              {keyEndpoint}
            </code>
            <CopyButton size="sm" text={keyEndpoint} label={i18n.t("connect.copyEndpoint")} />
          </div>
          <p className="text-sm text-muted">{i18n.t("connect.endpointHint")}</p>
        </div>
        <Tabs
          label={i18n.t("connect.clients")}
          value={chosen}
          onChange={setChosen}
          items={CONNECT_CLIENTS.map((client) => {
            const seenAt = clientLastSeen(client.id, keys);
            return {
              value: client.id,
              label: client.title,
              ...(seenAt !== null && {
                aside: <CircleCheck aria-label={i18n.t("connect.connected")} className="size-3.5 text-success-ink" />,
              }),
              content: (
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
