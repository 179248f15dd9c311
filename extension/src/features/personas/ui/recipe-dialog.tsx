import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { useRef, useState } from "react";
import { i18n } from "#i18n";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { Input } from "../../../ui/input.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import { draftOfRecipe, EMPTY_RECIPE, recipeProblems, toRecipe, type RecipeDraft } from "../recipe-draft.ts";
import { RecipeArguments } from "./recipe-arguments.tsx";
import { recipeProblemText } from "./recipe-problem-text.ts";
import { RecipePlaces } from "./recipe-places.tsx";
import { RecipeTools } from "./recipe-tools.tsx";
import type { PersonaView } from "./use-personas.ts";
import { useSaveRecipes } from "./use-save-recipes.ts";

const DESCRIPTION_LENGTH = 500;

/** Writes a recipe, or changes one. Mounted while open; what was typed is not lost by Escape or a click beside it. */
export function RecipeDialog({
  view,
  recipe,
  onClose,
}: {
  view: PersonaView;
  recipe: Recipe | null;
  onClose: () => void;
}) {
  const { recipes = [], prompts = [], tools } = view.row.accepted;
  const text = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [base] = useState<RecipeDraft>(() => (recipe === null ? EMPTY_RECIPE : draftOfRecipe(recipe)));
  const [draft, setDraft] = useState(base);
  const [tried, setTried] = useState(false);
  const save = useSaveRecipes(view);
  const others = recipes.filter((each) => each.name !== recipe?.name);
  const found = recipeProblems(
    draft,
    [...others, ...prompts.map(nameOfPrompt)].map(({ name }) => name),
  );
  const problems = tried ? found : [];
  const change = (changes: Partial<RecipeDraft>) => setDraft({ ...draft, ...changes });
  const submit = async () => {
    setTried(true);
    const ready = toRecipe(draft);
    if (found.length > 0 || ready === null) {
      setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const at = recipes.findIndex((each) => each.name === recipe?.name);
    const next = at < 0 ? [...recipes, ready] : recipes.with(at, ready);
    if (await save.run(next)) onClose();
  };
  /** Puts the argument where the person was writing. */
  const insert = (name: string) => {
    const { selectionStart: start, selectionEnd: end } = text.current ?? { selectionStart: 0, selectionEnd: 0 };
    const place = `{${name}}`;
    change({ text: draft.text.slice(0, start) + place + draft.text.slice(end) });
    setTimeout(() => {
      text.current?.focus();
      text.current?.setSelectionRange(start + place.length, start + place.length);
    });
  };
  return (
    <FormDialog
      size="lg"
      locked={draft !== base}
      title={recipe === null ? i18n.t("recipes.newTitle") : i18n.t("recipes.edit", { name: recipe.name })}
      description={i18n.t("recipes.dialogText")}
      action={i18n.t("recipes.save")}
      command={save}
      onSubmit={() => void submit()}
      onClose={onClose}
      formRef={form}
    >
      <div className="grid gap-5 sm:grid-cols-[14rem_minmax(0,1fr)]">
        <Field
          label={i18n.t("recipes.name")}
          hint={i18n.t("recipes.nameHint")}
          error={recipeProblemText(problems, ["nameMissing", "nameWrong", "nameTaken"])}
          required
        >
          <Input
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            placeholder={i18n.t("recipes.namePlaceholder")}
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            dir="ltr"
            className="font-mono text-sm"
          />
        </Field>
        <Field
          label={i18n.t("recipes.description")}
          aside={`${draft.description.trim().length} / ${DESCRIPTION_LENGTH}`}
          error={recipeProblemText(problems, ["descriptionLong"])}
        >
          <Input
            value={draft.description}
            onChange={(event) => change({ description: event.target.value })}
            placeholder={i18n.t("recipes.descriptionPlaceholder")}
            autoComplete="off"
          />
        </Field>
      </div>
      <div className="flex flex-col gap-2">
        <Field
          label={i18n.t("recipes.body")}
          hint={i18n.t("recipes.bodyHint", { example: "{service}" })}
          error={recipeProblemText(problems, ["textMissing", "textLong"])}
          required
        >
          <Textarea
            ref={text}
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
            placeholder={i18n.t("recipes.bodyPlaceholder", { example: "{service}" })}
            rows={6}
            dir="auto"
          />
        </Field>
        <RecipePlaces draft={draft} onChange={setDraft} onInsert={insert} />
      </div>
      <RecipeArguments list={draft.arguments} onChange={(list) => change({ arguments: list })} problems={problems} />
      <RecipeTools
        chosen={draft.tools}
        offered={tools.map((tool) => tool.exposedName)}
        onChange={(chosen) => change({ tools: chosen })}
      />
    </FormDialog>
  );
}

const nameOfPrompt = ({ exposedName }: { exposedName: string }) => ({ name: exposedName });
