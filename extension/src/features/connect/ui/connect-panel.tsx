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
import { PassthroughSetup } from "./passthrough-setup.tsx";
import { SignInSetup } from "./sign-in-setup.tsx";
import { WaySwitch, type Way } from "./way-switch.tsx";

export type ClientId = ConnectClient["id"];

type ConnectPanelProps = {
  /** The entry's name in the client's configuration. */
  entry: string;
  /** For clients that sign in. */
  endpoint: string;
  keyEndpoint: string;
  passthroughEndpoint: string;
  /** The persona's ways in, at least one. */
  inbound: InboundModes;
  /** The apps that passthrough callers reach. */
  forwardingApps: readonly string[];
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
  const {
    entry,
    endpoint,
    keyEndpoint,
    passthroughEndpoint,
    inbound,
    forwardingApps,
    keys,
    grants,
    secrets,
    saved,
    onSaved,
    onCreateKey,
  } = props;
  const [chosen, setChosen] = useState<ClientId>("claude-code");
  const [wanted, setWanted] = useState<Way>("signIn");
  const ways = waysOf(inbound);
  const way = ways.includes(wanted) ? wanted : (ways[0] ?? "signIn");
  const clients = CONNECT_CLIENTS.filter(({ afterwards }) => way !== "passthrough" && afterwards[way] !== null);
  const address = { signIn: endpoint, accessKey: keyEndpoint, passthrough: passthroughEndpoint }[way];
  return (
    <Section title={i18n.t("connect.title")} description={introText(way)}>
      <Card className="flex flex-col gap-4 p-4">
        {ways.length > 1 && <WaySwitch ways={ways} way={way} onChange={setWanted} />}
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium">{i18n.t("connect.endpoint")}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-sunken p-1.5 ps-3 max-sm:flex-col max-sm:items-start max-sm:p-3">
            <code dir="ltr" className="min-w-0 flex-1 text-start font-mono text-sm break-all">
              {address}
            </code>
            <CopyButton size="sm" text={address} label={i18n.t("connect.copyEndpoint")} />
          </div>
          {way === "accessKey" && <p className="text-sm text-muted">{i18n.t("connect.endpointHint")}</p>}
          {way === "passthrough" && <p className="text-sm text-muted">{i18n.t("passthrough.connectHint")}</p>}
        </div>
        {way === "passthrough" && inbound.passthrough !== undefined && (
          <PassthroughSetup address={address} passthrough={inbound.passthrough} apps={forwardingApps} />
        )}
        {way !== "passthrough" && (
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
        )}
      </Card>
    </Section>
  );
}

const waysOf = ({ interactive, accessKeys, passthrough }: InboundModes): Way[] => [
  ...(interactive ? (["signIn"] as const) : []),
  ...(accessKeys ? (["accessKey"] as const) : []),
  ...(passthrough === undefined ? [] : (["passthrough"] as const)),
];

function introText(way: Way): string {
  switch (way) {
    case "signIn":
      return i18n.t("connect.introSignIn");
    case "accessKey":
      return i18n.t("connect.intro");
    case "passthrough":
      return i18n.t("passthrough.intro");
  }
}
