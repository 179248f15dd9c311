import type {
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from "@agent-personas/shared/persona/persona-item";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { escapeHidden, hasHidden } from "../../../lib/hidden-characters.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { PlainText } from "../../../ui/plain-text.tsx";

type AnyDefinition = ToolDefinition | ResourceDefinition | TemplateDefinition | PromptDefinition;

/** A tool, resource or prompt exactly as its app defines it: plain text, schemas as JSON. */
export function DefinitionView({ definition }: { definition: AnyDefinition }) {
  const title = definition.title ?? titleOf(definition["annotations"]);
  const address = definition["uri"] ?? definition["uriTemplate"];
  const suspicious = hasHidden(`${definition.name}${title ?? ""}${definition.description ?? ""}`);
  return (
    <div className="flex flex-col gap-4">
      {suspicious && (
        <div className="rounded-md bg-warning-soft px-3 py-2 text-base text-warning-ink">
          {i18n.t("personas.hiddenWarning")}
        </div>
      )}
      <dl className="flex flex-col gap-4">
        {typeof address === "string" && (
          <Entry term={i18n.t("items.address")}>
            <code className="font-mono text-sm">
              <PlainText text={address} />
            </code>
          </Entry>
        )}
        <Entry term={i18n.t("personas.originalName")}>
          <code className="font-mono text-sm">
            <PlainText text={definition.name} />
          </code>
        </Entry>
        {title !== undefined && (
          <Entry term={i18n.t("personas.toolTitle")}>
            <PlainText text={title} />
          </Entry>
        )}
        <Entry term={i18n.t("personas.toolDescription")}>
          {definition.description === undefined ? (
            <span className="text-muted">{i18n.t("personas.noDescription")}</span>
          ) : (
            <PlainText text={definition.description} />
          )}
        </Entry>
        {typeof definition["mimeType"] === "string" && (
          <Entry term={i18n.t("items.mimeType")}>
            <PlainText text={definition["mimeType"]} />
          </Entry>
        )}
        <Json term={i18n.t("items.arguments")} value={definition["arguments"]} />
        <Json term={i18n.t("personas.inputSchema")} value={definition["inputSchema"]} />
        <Json term={i18n.t("personas.outputSchema")} value={definition["outputSchema"]} />
        <Json term={i18n.t("personas.annotations")} value={definition["annotations"]} />
      </dl>
    </div>
  );
}

const Entry = ({ term, children }: { term: string; children: ReactNode }) => (
  <div>
    <dt className="mb-1 text-sm font-medium text-muted">{term}</dt>
    <dd className="min-w-0 text-base">{children}</dd>
  </div>
);

/** Nothing where the definition has none. */
const Json = ({ term, value }: { term: string; value: unknown }) =>
  value !== undefined && (
    <Entry term={term}>
      <CodeBlock text={escapeHidden(JSON.stringify(value, null, 2))} label={term} />
    </Entry>
  );

function titleOf(annotations: unknown): string | undefined {
  if (typeof annotations !== "object" || annotations === null || !("title" in annotations)) return undefined;
  return typeof annotations.title === "string" ? annotations.title : undefined;
}
