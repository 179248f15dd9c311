import type { JwtCheck, Passthrough, PassthroughHeader } from "@agent-personas/shared/persona/passthrough";
import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { TriangleAlert } from "lucide-react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { DetailList } from "../../../ui/detail-list.tsx";
import { scopeText } from "../../../ui/scope-text.ts";
import { Section } from "../../../ui/section.tsx";
import { forwardingApps } from "../forwarding-apps.ts";
import type { PersonaView } from "./use-personas.ts";
import { TryToken } from "./try-token.tsx";

type PassthroughDetailsProps = { view: PersonaView; passthrough: Passthrough };

/** What passthrough callers must bring, what they may do, and where their headers go. */
export function PassthroughDetails({ view, passthrough }: PassthroughDetailsProps) {
  const { row, relayUrl } = view;
  const { jwt, headers, scopes } = passthrough;
  const address = relayUrl === null ? null : passthroughEndpointUrl(relayUrl, row.slug);
  return (
    <Section title={i18n.t("passthrough.detailsTitle")} description={i18n.t("passthrough.detailsText")}>
      <Card className="flex flex-col gap-4 p-4">
        {jwt === null && (
          <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink">
            <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
            {i18n.t("passthrough.tokenOffWarning")}
          </p>
        )}
        <DetailList
          details={[
            ...(address === null
              ? []
              : [{ label: i18n.t("passthrough.address"), value: <Address address={address} /> }]),
            {
              label: i18n.t("passthrough.who"),
              value: jwt === null ? i18n.t("passthrough.tokenOff") : i18n.t("passthrough.tokenOn"),
            },
            ...(jwt === null ? [] : tokenDetails(jwt)),
            { label: i18n.t("passthrough.headers"), value: <Headers headers={headers} /> },
            { label: i18n.t("passthrough.apps"), value: forwardingApps(row.accepted).join(", ") },
            { label: i18n.t("passthrough.scopes"), value: scopes.map(scopeText).join(", ") },
          ]}
        />
        {jwt !== null && <TryToken personaId={row.personaId} check={jwt} />}
      </Card>
    </Section>
  );
}

const Address = ({ address }: { address: string }) => (
  <span className="flex items-center gap-1.5">
    <code dir="ltr" className="min-w-0 font-mono text-sm break-all">
      {address}
    </code>
    <CopyButton iconOnly size="sm" text={address} label={i18n.t("passthrough.copyAddress")} />
  </span>
);

const tokenDetails = ({ keys, issuer, audience }: JwtCheck) => [
  {
    label: i18n.t("passthrough.keys"),
    value:
      keys.from === "url" ? (
        <code dir="ltr" className="font-mono text-sm break-all">
          {keys.url}
        </code>
      ) : (
        i18n.t("passthrough.pastedKeys", keys.jwks.keys.length)
      ),
  },
  { label: i18n.t("passthrough.issuer"), value: issuer ?? i18n.t("passthrough.anyIssuer") },
  { label: i18n.t("passthrough.audience"), value: audience ?? i18n.t("passthrough.ownAddress") },
];

function Headers({ headers }: { headers: readonly PassthroughHeader[] }) {
  if (headers.length === 0) return <span className="text-muted">{i18n.t("passthrough.none")}</span>;
  return (
    <ul className="flex flex-col gap-1.5">
      {headers.map(({ name, purpose, required, value }) => (
        <li key={name} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <code dir="ltr" className="font-mono text-sm break-all">
            {value === null ? name : `${name}: ${value}`}
          </code>
          <Badge>
            {value !== null
              ? i18n.t("passthrough.kindFixed")
              : required
                ? i18n.t("passthrough.kindRequired")
                : i18n.t("passthrough.kindOptional")}
          </Badge>
          {purpose !== "" && <span className="text-sm text-muted">{plainLine(purpose)}</span>}
        </li>
      ))}
    </ul>
  );
}
