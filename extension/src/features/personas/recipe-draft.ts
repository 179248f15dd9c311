import { recipeSchema, type Recipe } from "@agent-personas/shared/persona/persona-item";

export const MAX_RECIPES = 50;
export const MAX_ARGUMENTS = 20;
export const MAX_RECIPE_TOOLS = 50;

/** A recipe while it is typed: allowed values are lines of one text. */
export type ArgumentDraft = { name: string; description: string; required: boolean; values: string };
export type RecipeDraft = {
  name: string;
  description: string;
  text: string;
  arguments: ArgumentDraft[];
  tools: string[];
};

export type RecipeProblem = {
  code:
    | "nameMissing"
    | "nameWrong"
    | "nameTaken"
    | "descriptionLong"
    | "textMissing"
    | "textLong"
    | "argumentName"
    | "argumentRepeated"
    | "argumentDescription"
    | "argumentValues";
  /** Of the argument. */
  index?: number;
};

const { name: nameSchema, description: descriptionSchema, arguments: argumentsSchema } = recipeSchema.shape;
const argumentShape = argumentsSchema.element.shape;
const TEXT_LENGTH = 20_000;
const PLACE = /\{([a-z][a-zA-Z0-9_]{0,39})\}/gu;

export const EMPTY_RECIPE: RecipeDraft = { name: "", description: "", text: "", arguments: [], tools: [] };

export const draftOfRecipe = (recipe: Recipe): RecipeDraft => ({
  ...recipe,
  arguments: recipe.arguments.map((argument) => ({ ...argument, values: argument.values.join("\n") })),
});

/** What keeps a recipe from being saved. `taken`: names of other recipes and of the persona's prompts. */
export function recipeProblems(draft: RecipeDraft, taken: readonly string[]): RecipeProblem[] {
  const problems: RecipeProblem[] = [];
  if (draft.name === "") problems.push({ code: "nameMissing" });
  else if (!nameSchema.safeParse(draft.name).success) problems.push({ code: "nameWrong" });
  else if (taken.includes(draft.name)) problems.push({ code: "nameTaken" });
  if (!descriptionSchema.safeParse(draft.description).success) problems.push({ code: "descriptionLong" });
  if (draft.text.trim() === "") problems.push({ code: "textMissing" });
  else if (draft.text.trim().length > TEXT_LENGTH) problems.push({ code: "textLong" });
  for (const [index, argument] of draft.arguments.entries()) {
    if (!argumentShape.name.safeParse(argument.name).success) problems.push({ code: "argumentName", index });
    else if (draft.arguments.findIndex(({ name }) => name === argument.name) < index) {
      problems.push({ code: "argumentRepeated", index });
    }
    if (!argumentShape.description.safeParse(argument.description).success) {
      problems.push({ code: "argumentDescription", index });
    }
    if (!argumentShape.values.safeParse(valuesOf(argument.values)).success) {
      problems.push({ code: "argumentValues", index });
    }
  }
  return problems;
}

/** Null while something typed is not valid. */
export function toRecipe(draft: RecipeDraft): Recipe | null {
  const parsed = recipeSchema.safeParse({
    ...draft,
    arguments: draft.arguments.map((argument) => ({ ...argument, values: valuesOf(argument.values) })),
  });
  return parsed.success ? parsed.data : null;
}

/** Names in braces that no argument has: they would reach the model as they stand. */
export function unknownPlaces({ text, arguments: given }: Pick<RecipeDraft, "text" | "arguments">): string[] {
  const names = new Set(given.map(({ name }) => name));
  return [...new Set([...text.matchAll(PLACE)].flatMap(([, name]) => name ?? []))].filter((name) => !names.has(name));
}

/** Arguments that the text does not use, so that what callers give goes nowhere. */
export const unusedArguments = ({ text, arguments: given }: RecipeDraft): string[] =>
  given.map(({ name }) => name).filter((name) => name !== "" && !text.includes(`{${name}}`));

/** Tools that a recipe names and the persona has not. */
export const missingTools = ({ tools }: Pick<Recipe, "tools">, present: ReadonlySet<string>): string[] =>
  tools.filter((name) => !present.has(name));

/** A text cut at its places for arguments. */
export function textParts({ text, arguments: given }: Pick<Recipe, "text" | "arguments">) {
  const names = new Set(given.map(({ name }) => name));
  return text
    .split(/(\{[a-z][a-zA-Z0-9_]{0,39}\})/u)
    .filter((part) => part !== "")
    .map((part) => {
      const name = part.slice(1, -1);
      return part.startsWith("{") && names.has(name) ? { argument: name } : { text: part };
    });
}

const valuesOf = (values: string): string[] => [
  ...new Set(
    values
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];
