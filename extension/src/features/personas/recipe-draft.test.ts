import { expect, test } from "vitest";
import {
  draftOfRecipe,
  EMPTY_RECIPE,
  missingTools,
  recipeProblems,
  textParts,
  toRecipe,
  unknownPlaces,
  unusedArguments,
  type RecipeDraft,
} from "./recipe-draft.ts";

const place = { name: "place", description: "", required: false, values: "hall\n\n cellar \nhall" };
const draft: RecipeDraft = { ...EMPTY_RECIPE, name: "find-book", text: "Look in {place}.", arguments: [place] };
const codes = (changes: Partial<RecipeDraft>, taken: string[] = []) =>
  recipeProblems({ ...draft, ...changes }, taken).map(({ code, index }) =>
    index === undefined ? code : `${code} ${index}`,
  );

test("reads allowed values line by line and writes them back", () => {
  const recipe = toRecipe(draft);
  expect(recipe?.arguments[0]?.values).toEqual(["hall", "cellar"]);
  expect(draftOfRecipe(recipe!).arguments[0]?.values).toBe("hall\ncellar");
});

test("names everything that keeps a recipe from being saved", () => {
  expect(codes({})).toEqual([]);
  expect(codes({ name: "", text: " " })).toEqual(["nameMissing", "textMissing"]);
  expect(codes({ name: "Find Book" })).toEqual(["nameWrong"]);
  expect(codes({}, ["find-book"])).toEqual(["nameTaken"]);
  expect(codes({ text: "x".repeat(20_001), description: "x".repeat(501) })).toEqual(["descriptionLong", "textLong"]);
  const wrong = [
    { ...place, name: "Place" },
    place,
    { ...place, values: "x".repeat(201), description: "x".repeat(501) },
  ];
  expect(codes({ arguments: wrong })).toEqual([
    "argumentName 0",
    "argumentRepeated 2",
    "argumentDescription 2",
    "argumentValues 2",
  ]);
});

test("tells places without an argument and arguments without a place", () => {
  expect(unknownPlaces({ ...draft, text: "{place} {title} {title} {Not} {}" })).toEqual(["title"]);
  expect(unusedArguments({ ...draft, text: "nothing" })).toEqual(["place"]);
  expect(textParts({ ...toRecipe(draft)!, text: "in {place} or {title}" })).toEqual([
    { text: "in " },
    { argument: "place" },
    { text: " or " },
    { text: "{title}" },
  ]);
});

test("tells which tools a persona has not", () => {
  expect(missingTools({ tools: ["a", "b"] }, new Set(["b"]))).toEqual(["a"]);
});
