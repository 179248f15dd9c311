import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { CircleAlert } from "lucide-react";
import { useId, type ReactNode } from "react";
import { i18n } from "#i18n";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { scopeHint, scopeText } from "../../../ui/scope-text.ts";
import type { DraftProblem } from "../draft-problems.ts";
import type { PassthroughDraft } from "../passthrough-draft.ts";
import type { ToolGroup } from "../tool-groups.ts";
import type { WizardDraft } from "../wizard-draft.ts";
import { noneMayOpen, PassthroughApps, withoutLocalApps } from "./passthrough-apps.tsx";
import { PassthroughHeaders } from "./passthrough-headers.tsx";
import { passthroughProblem } from "./passthrough-problem-text.ts";
import { PassthroughToken } from "./passthrough-token.tsx";

type PassthroughFormProps = {
  draft: WizardDraft;
  slug: string | null;
  passthrough: PassthroughDraft;
  onChange: (draft: WizardDraft) => void;
  groups: readonly ToolGroup[];
  problems: readonly DraftProblem[];
};

/** Who may call, what is passed on to which apps, and what such callers may do. */
export function PassthroughForm({ draft, slug, passthrough, onChange, groups, problems }: PassthroughFormProps) {
  const { headers, token, scopes } = passthrough;
  const set = (changes: Partial<PassthroughDraft>) => {
    const next = { ...draft, inbound: { ...draft.inbound, passthrough: { ...passthrough, ...changes } } };
    onChange(changes.token?.on === false ? withoutLocalApps(next, groups) : next);
  };
  const open = new Set(draft.slots.filter((slot) => slot.usesForwardedHeaders === true).map(({ slotId }) => slotId));
  const reached = (scope: Scope) =>
    draft.tools.filter((tool) => open.has(tool.slotId) && tool.riskClass === scope && tool.policy !== "never").length;
  return (
    <div role="group" aria-label={i18n.t("passthrough.settings")} className="divide-y divide-line border-t border-line">
      <FormPart title={i18n.t("passthrough.tokenTitle")}>
        <PassthroughToken
          personaId={draft.personaId}
          slug={slug}
          token={token}
          onChange={(changes) => set({ token: { ...token, ...changes } })}
          problems={problems}
        />
      </FormPart>
      <FormPart
        title={i18n.t("passthrough.headersTitle")}
        text={token.on ? i18n.t("passthrough.headersTokenText") : i18n.t("passthrough.headersText")}
        error={passthroughProblem(problems, ["noAskedHeader"])}
      >
        <PassthroughHeaders
          headers={headers}
          tokenOn={token.on}
          onChange={(changed) => set({ headers: changed })}
          problems={problems}
        />
      </FormPart>
      <FormPart
        title={i18n.t("passthrough.appsTitle")}
        text={i18n.t("passthrough.appsText")}
        error={
          !token.on && noneMayOpen(draft, groups) && passthroughProblem(problems, ["noForwardingApp"]) !== null
            ? i18n.t("passthrough.noOpenApp")
            : passthroughProblem(problems, ["noForwardingApp"])
        }
      >
        <PassthroughApps draft={draft} groups={groups} tokenOn={token.on} onChange={onChange} />
      </FormPart>
      <FormPart
        title={i18n.t("passthrough.scopesTitle")}
        text={i18n.t("passthrough.scopesText")}
        error={passthroughProblem(problems, ["noScope"])}
      >
        <div className="flex flex-col gap-2.5">
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              checked={scopes.includes(scope)}
              onChange={(on) => set({ scopes: SCOPES.filter((each) => (each === scope ? on : scopes.includes(each))) })}
              label={
                <>
                  {scopeText(scope)}{" "}
                  <span className="text-sm text-muted">{i18n.t("personas.tools", reached(scope))}</span>
                </>
              }
              hint={scopeHint(scope)}
            />
          ))}
        </div>
      </FormPart>
    </div>
  );
}

type FormPartProps = { title: string; text?: string; error?: string | null; children: ReactNode };

function FormPart({ title, text, error = null, children }: FormPartProps) {
  const id = useId();
  return (
    <div
      role="group"
      aria-labelledby={id}
      aria-describedby={error === null ? undefined : `${id}-error`}
      className="flex flex-col gap-3 p-4"
    >
      <div>
        <h3 id={id} className="text-base font-semibold">
          {title}
        </h3>
        {text !== undefined && <p className="text-sm text-muted">{text}</p>}
      </div>
      {error !== null && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-sm text-danger-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      )}
      {children}
    </div>
  );
}
