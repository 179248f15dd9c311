import { i18n } from "#i18n";
import type { ConnectionRow, SignInMethod } from "../../../db/rows.ts";
import { Badge } from "../../../ui/badge.tsx";
import { DetailList, type Detail } from "../../../ui/detail-list.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { hostOf } from "./sign-in-fields.ts";

/** What an account was granted, and until when; never a value of a header or token. */
export function ConnectionFacts({ connection }: { connection: ConnectionRow }) {
  const { signIn, signedIn, scopes, headerNames, expiresAt, issuer } = connection;
  const details: Detail[] = [];
  if (signedIn) details.push({ label: i18n.t("apps.signsIn"), value: signInText(signedIn) });
  // Chosen, and not connected so yet.
  if (JSON.stringify(signIn) !== JSON.stringify(signedIn)) {
    details.push({ label: i18n.t("apps.signsInNext"), value: signInText(signIn) });
  }
  if (scopes.length > 0) details.push({ label: i18n.t("apps.scopes"), value: <Scopes scopes={scopes} /> });
  if (headerNames.length > 0) {
    const value = <span className="font-mono break-all">{headerNames.join(", ")}</span>;
    details.push({ label: i18n.t("apps.headers"), value });
  }
  if (issuer !== null) details.push({ label: i18n.t("apps.issuer"), value: <bdi className="break-all">{issuer}</bdi> });
  if (expiresAt !== null) details.push({ label: i18n.t("apps.tokenExpires"), value: <RelativeTime at={expiresAt} /> });
  if (details.length === 0) return null;
  return <DetailList details={details} className="border-t border-line pt-3 text-sm" />;
}

function signInText(method: SignInMethod | undefined): string {
  switch (method?.kind) {
    case undefined:
      return i18n.t("apps.asYourself");
    case "authorization_code":
      return i18n.t("apps.byOwnClient");
    case "client_credentials":
      return i18n.t("apps.asApplication");
    case "enterprise_managed":
      return i18n.t("apps.throughProvider", { provider: hostOf(method.issuer) });
  }
}

const Scopes = ({ scopes }: { scopes: string[] }) => (
  <span className="flex flex-wrap gap-1">
    {scopes.map((scope) => (
      <Badge key={scope} className="font-mono break-all whitespace-normal">
        {scope}
      </Badge>
    ))}
  </span>
);
