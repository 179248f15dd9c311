import { i18n } from "#i18n";
import { cn } from "../../../ui/cn.ts";
import { changedFields, changedSpans, type Definition, type DefinitionField, type Span } from "../changed-span.ts";
import { PlainText } from "../../../ui/plain-text.tsx";

/** What an app changed in a definition since it was approved, before and after. */
export function DefinitionChanges({ before, after }: { before: Definition; after: Definition }) {
  return (
    <div className="flex flex-col gap-3">
      {changedFields(before, after).map((change) => {
        const spans = changedSpans(change.before, change.after);
        const code = !["title", "name", "description"].includes(change.field);
        return (
          <div key={change.field} className="flex flex-col gap-1">
            <p className="text-sm font-medium text-muted">{fieldText(change.field)}</p>
            <div className="grid gap-2 sm:grid-cols-2">
              <Side
                label={i18n.t("personas.before")}
                span={spans.before}
                mark="bg-danger-soft line-through"
                code={code}
              />
              <Side label={i18n.t("personas.after")} span={spans.after} mark="bg-success-soft" code={code} />
            </div>
          </div>
        );
      })}
    </div>
  );
}

function Side({ label, span, mark, code }: { label: string; span: Span; mark: string; code: boolean }) {
  const empty = span.start + span.changed + span.end === "";
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-56 overflow-auto rounded-md border border-line bg-sunken px-3 py-2"
    >
      <p className="mb-1 text-xs text-faint">{label}</p>
      <div className={cn("text-base", code && "font-mono text-sm")}>
        {empty && <span className="text-muted">{i18n.t("personas.nothing")}</span>}
        <PlainText text={span.start} />
        {span.changed !== "" && (
          <mark className={cn("rounded-sm text-ink", mark)}>
            <PlainText text={span.changed} />
          </mark>
        )}
        <PlainText text={span.end} />
      </div>
    </div>
  );
}

function fieldText(field: DefinitionField): string {
  switch (field) {
    case "title":
      return i18n.t("personas.toolTitle");
    case "name":
      return i18n.t("items.name");
    case "description":
      return i18n.t("personas.toolDescription");
    case "mimeType":
      return i18n.t("items.mimeType");
    case "arguments":
      return i18n.t("items.arguments");
    case "inputSchema":
      return i18n.t("personas.inputSchema");
    case "outputSchema":
      return i18n.t("personas.outputSchema");
    case "annotations":
      return i18n.t("personas.annotations");
  }
}
