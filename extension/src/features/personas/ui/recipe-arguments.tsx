import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import { MAX_ARGUMENTS, type ArgumentDraft, type RecipeProblem } from "../recipe-draft.ts";
import { recipeProblemText } from "./recipe-problem-text.ts";

type RecipeArgumentsProps = {
  list: readonly ArgumentDraft[];
  onChange: (list: ArgumentDraft[]) => void;
  problems: readonly RecipeProblem[];
};

/** What the person using the recipe is asked for. */
export function RecipeArguments({ list, onChange, problems }: RecipeArgumentsProps) {
  const rows = useRef<HTMLUListElement>(null);
  const add = () => {
    onChange([...list, { name: "", description: "", required: true, values: "" }]);
    setTimeout(() => rows.current?.querySelector<HTMLElement>("li:last-child input")?.focus());
  };
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">{i18n.t("items.arguments")}</legend>
      <ul ref={rows} className="flex flex-col gap-3 empty:hidden">
        {list.map((argument, index) => (
          <ArgumentRow
            key={index}
            argument={argument}
            index={index}
            problems={problems}
            onChange={(changes) => onChange(list.map((each, at) => (at === index ? { ...each, ...changes } : each)))}
            onRemove={() => onChange(list.filter((_, at) => at !== index))}
          />
        ))}
      </ul>
      <Button size="sm" className="self-start" disabled={list.length >= MAX_ARGUMENTS} onClick={add}>
        <Plus aria-hidden />
        {i18n.t("recipes.addArgument")}
      </Button>
    </fieldset>
  );
}

type ArgumentRowProps = {
  argument: ArgumentDraft;
  index: number;
  problems: readonly RecipeProblem[];
  onChange: (changes: Partial<ArgumentDraft>) => void;
  onRemove: () => void;
};

function ArgumentRow({ argument, index, problems, onChange, onRemove }: ArgumentRowProps) {
  return (
    <li className="flex flex-col gap-3 rounded-md border border-line bg-sunken p-3">
      <div className="flex items-start gap-2">
        <div className="grid min-w-0 flex-1 gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
          <Field
            label={i18n.t("recipes.argumentName")}
            error={recipeProblemText(problems, ["argumentName", "argumentRepeated"], index)}
            required
          >
            <Input
              value={argument.name}
              onChange={(event) => onChange({ name: event.target.value })}
              placeholder={i18n.t("recipes.argumentPlaceholder")}
              autoComplete="off"
              spellCheck={false}
              maxLength={40}
              dir="ltr"
              className="font-mono text-sm"
            />
          </Field>
          <Field
            label={i18n.t("recipes.argumentDescription")}
            error={recipeProblemText(problems, ["argumentDescription"], index)}
          >
            <Input
              value={argument.description}
              onChange={(event) => onChange({ description: event.target.value })}
              autoComplete="off"
            />
          </Field>
        </div>
        <IconButton
          label={i18n.t("recipes.removeArgument", { name: argument.name })}
          onClick={onRemove}
          className="mt-6.5"
        >
          <X aria-hidden />
        </IconButton>
      </div>
      <Field
        label={i18n.t("recipes.values")}
        hint={i18n.t("recipes.valuesHint")}
        error={recipeProblemText(problems, ["argumentValues"], index)}
      >
        <Textarea
          value={argument.values}
          onChange={(event) => onChange({ values: event.target.value })}
          rows={2}
          className="min-h-15"
        />
      </Field>
      <Checkbox
        checked={argument.required}
        onChange={(required) => onChange({ required })}
        label={i18n.t("recipes.required")}
      />
    </li>
  );
}
