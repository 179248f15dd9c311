import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { i18n } from "#i18n";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { scopeHint, scopeText } from "../../../ui/scope-text.ts";
import { toggleScope, toggleTool, type KeyForm } from "../key-form.ts";

type ScopeFieldsProps = {
  form: KeyForm;
  onChange: (form: KeyForm) => void;
  byScope: Record<Scope, string[]>;
  error: string | null;
};

/** What the key may do, in plain words, with the tools that each answer covers. */
export function ScopeFields({ form, onChange, byScope, error }: ScopeFieldsProps) {
  return (
    <>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-sm font-medium">{i18n.t("keys.scopes")}</legend>
        <div className="divide-y divide-line rounded-md border border-line">
          {SCOPES.map((scope) => (
            <div key={scope} className="flex flex-col gap-2 px-3 py-2.5">
              <Checkbox
                checked={form.scopes.includes(scope)}
                onChange={(on) => onChange(toggleScope(form, scope, on))}
                label={scopeText(scope)}
                hint={scopeHint(scope)}
              />
              <ScopeTools scope={scope} form={form} onChange={onChange} tools={byScope[scope]} />
            </div>
          ))}
        </div>
        {error !== null && (
          <p role="alert" className="text-sm text-danger-ink">
            {error}
          </p>
        )}
      </fieldset>
      <div className="flex flex-col gap-2">
        <p className="text-sm font-medium">{i18n.t("keys.tools")}</p>
        <RadioGroup
          label={i18n.t("keys.tools")}
          value={form.limited ? "some" : "all"}
          onChange={(value) => onChange({ ...form, limited: value === "some" })}
          options={[
            { value: "all", label: i18n.t("keys.toolsAll"), hint: i18n.t("keys.toolsAllHint") },
            { value: "some", label: i18n.t("keys.toolsSome"), hint: i18n.t("keys.toolsSomeHint") },
          ]}
        />
      </div>
    </>
  );
}

type ScopeToolsProps = { scope: Scope; form: KeyForm; onChange: (form: KeyForm) => void; tools: readonly string[] };

function ScopeTools({ scope, form, onChange, tools }: ScopeToolsProps) {
  if (tools.length === 0) return <p className="ps-6.5 text-sm text-faint">{i18n.t("keys.noToolsInScope")}</p>;
  const choosing = form.limited && form.scopes.includes(scope);
  return (
    <details open={choosing || undefined} className="ps-6.5">
      <summary className="w-fit rounded-sm text-sm text-accent-ink">{i18n.t("keys.scopeTools", tools.length)}</summary>
      <ul
        aria-label={i18n.t("keys.toolsOfScope", { scope: scopeText(scope) })}
        tabIndex={0}
        className="mt-1.5 flex max-h-44 flex-col gap-1 overflow-y-auto rounded-sm"
      >
        {tools.map((name) => (
          <li key={name} className="min-w-0">
            {choosing ? (
              <Checkbox
                checked={form.tools.has(name)}
                onChange={(on) => onChange(toggleTool(form, name, on))}
                label={<span className="font-mono text-sm break-all">{name}</span>}
              />
            ) : (
              <span className="font-mono text-sm break-all text-muted">{name}</span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
