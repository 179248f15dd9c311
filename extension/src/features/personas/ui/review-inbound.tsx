import { i18n } from "#i18n";
import { scopeText } from "../../../ui/scope-text.ts";
import type { ToolGroup } from "../tool-groups.ts";
import type { PassthroughDraft } from "../passthrough-draft.ts";
import { passthroughRisks } from "../passthrough-risks.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { passthroughRiskText } from "./passthrough-risk-text.ts";

type ReviewInboundProps = { draft: WizardDraft; groups: readonly ToolGroup[] };

/** The ways in as they will be, and what comes after deploying. */
export function ReviewInbound({ draft, groups }: ReviewInboundProps) {
  const { interactive, accessKeys, passthrough } = draft.inbound;
  return (
    <>
      {interactive && <p>{i18n.t("personas.interactive")}</p>}
      {accessKeys && <p>{i18n.t("personas.accessKeys")}</p>}
      {passthrough !== undefined && (
        <>
          <p>{i18n.t("passthrough.title")}</p>
          <ul className="mt-0.5 mb-1.5 flex list-disc flex-col gap-0.5 ps-6 text-muted">
            <li>
              {i18n.t("passthrough.review", {
                apps: new Intl.ListFormat(i18n.t("ui.language")).format(forwardingTitles(draft, groups)),
              })}
            </li>
            <li className="break-words">{tokenText(passthrough)}</li>
            <li className="break-words">{headersText(passthrough)}</li>
            <li>{i18n.t("passthrough.reviewScopes", { scopes: passthrough.scopes.map(scopeText).join(", ") })}</li>
          </ul>
        </>
      )}
      <p className="text-muted">{nextText(draft)}</p>
    </>
  );
}

/** What to know about passthrough before deploying. */
export function passthroughWarnings(draft: WizardDraft, groups: readonly ToolGroup[]): string[] {
  const { passthrough } = draft.inbound;
  if (passthrough === undefined) return [];
  const { token, headers, scopes } = passthrough;
  const apps = forwardingTitles(draft, groups);
  return passthroughRisks({ asksForToken: token.on, headers, scopes }).map((risk) => passthroughRiskText(risk, apps));
}

function forwardingTitles(draft: WizardDraft, groups: readonly ToolGroup[]): string[] {
  const chosen = new Set(draft.tools.map(({ slotId }) => slotId));
  const open = draft.slots.filter((slot) => slot.usesForwardedHeaders === true && chosen.has(slot.slotId));
  return open.map(({ slotId }) => groups.find((group) => group.slotId === slotId)?.title ?? "");
}

function tokenText({ token }: PassthroughDraft): string {
  if (!token.on) return i18n.t("passthrough.reviewNoToken");
  return token.from === "url"
    ? i18n.t("passthrough.reviewToken", { source: token.url.trim() })
    : i18n.t("passthrough.reviewTokenPasted");
}

function headersText({ headers }: PassthroughDraft): string {
  if (headers.length === 0) return i18n.t("passthrough.reviewNoHeaders");
  const names = headers.map(({ name, kind, value }) => (kind === "fixed" ? `${name.trim()}: ${value}` : name.trim()));
  return i18n.t("passthrough.reviewHeaders", { headers: names.join(", ") });
}

function nextText({ inbound: { accessKeys, interactive } }: WizardDraft): string {
  if (accessKeys) return i18n.t("wizard.keysNext");
  return interactive ? i18n.t("wizard.signInNext") : i18n.t("passthrough.next");
}
