import { Plus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { MAX_ARGUMENTS, unknownPlaces, unusedArguments, type RecipeDraft } from "../recipe-draft.ts";

type RecipePlacesProps = {
  draft: RecipeDraft;
  onChange: (draft: RecipeDraft) => void;
  onInsert: (name: string) => void;
};

/** Chips that put an argument into the text, and what does not fit together between the two. */
export function RecipePlaces({ draft, onChange, onInsert }: RecipePlacesProps) {
  const unknown = unknownPlaces(draft);
  const unused = unusedArguments(draft);
  const named = draft.arguments.filter(({ name }) => name !== "");
  if (named.length === 0 && unknown.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      {named.length > 0 && (
        <ul aria-label={i18n.t("recipes.chips")} className="flex flex-wrap gap-1.5">
          {named.map(({ name }, index) => (
            <li key={index}>
              <button
                type="button"
                aria-label={i18n.t("recipes.insert", { name })}
                onClick={() => onInsert(name)}
                className="rounded-md bg-accent-soft px-2 py-1 font-mono text-sm text-accent-ink hover:underline"
              >
                {`{${name}}`}
              </button>
            </li>
          ))}
        </ul>
      )}
      {unknown.map((name) => (
        <Warning key={name} text={i18n.t("recipes.unknown", { name: `{${name}}` })}>
          <Button
            size="sm"
            disabled={draft.arguments.length >= MAX_ARGUMENTS}
            onClick={() =>
              onChange({
                ...draft,
                arguments: [...draft.arguments, { name, description: "", required: true, values: "" }],
              })
            }
          >
            <Plus aria-hidden />
            {i18n.t("recipes.addNamed", { name })}
          </Button>
        </Warning>
      ))}
      {unused.length > 0 && <Warning text={i18n.t("recipes.unused", { names: unused.join(", ") })} />}
    </div>
  );
}

const Warning = ({ text, children }: { text: string; children?: ReactNode }) => (
  <div role="status" className="flex flex-wrap items-center gap-2 text-sm text-warning-ink">
    <TriangleAlert aria-hidden className="size-4 shrink-0" />
    <span className="min-w-0 break-words">{text}</span>
    {children}
  </div>
);
