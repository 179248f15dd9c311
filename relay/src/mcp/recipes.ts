import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Caller } from "../deps.ts";
import { visibleTools } from "./visible-tools.ts";

/** Where a prompt names the tools that it speaks of and that this caller has not. */
const MISSING_META_KEY = "agent-personas/missingTools";
const MOST_COMPLETED = 100;
/** A text names an argument as often as it likes, and the argument may be long. Characters. */
const TEXT_LENGTH = 500_000;

/** The owner's recipes as prompts; one whose tools are not all there says so. */
export function listRecipes(caller: Caller) {
  const there = namesOf(caller);
  return recipesOf(caller).map((recipe) => {
    const missing = missingOf(recipe, there);
    return {
      name: recipe.name,
      description: [recipe.description, missingText(missing)].filter((text) => text !== "").join(" "),
      arguments: recipe.arguments.map(({ name, description, required, values }) => ({
        name,
        description: [description, valuesText(values)].filter((text) => text !== "").join(" "),
        required,
      })),
      ...(missing.length > 0 && { _meta: { [MISSING_META_KEY]: missing } }),
    };
  });
}

/** Null where there is no such recipe. @throws ProtocolError for arguments that the recipe does not take */
export function getRecipe(name: string, given: unknown, caller: Caller): Result | null {
  const recipe = recipesOf(caller).find((each) => each.name === name);
  if (recipe === undefined) return null;
  const text = fill(recipe, checkArguments(recipe, given));
  const missing = missingText(missingOf(recipe, namesOf(caller)));
  return {
    description: recipe.description,
    messages: [text, ...(missing === "" ? [] : [missing])].map((each) => ({
      role: "user",
      content: { type: "text", text: each },
    })),
  };
}

/** Allowed values of an argument that begin with what was typed; null where there is no such recipe. */
export function completeRecipe(name: string, argument: unknown, caller: Caller): Result | null {
  const recipe = recipesOf(caller).find((each) => each.name === name);
  if (recipe === undefined) return null;
  const typed = argumentSchema.safeParse(argument);
  if (!typed.success) throw invalid(z.prettifyError(typed.error));
  const values = recipe.arguments.find((each) => each.name === typed.data.name)?.values ?? [];
  const start = typed.data.value.toLowerCase();
  const fitting = values.filter((value) => value.toLowerCase().startsWith(start));
  const shown = fitting.slice(0, MOST_COMPLETED);
  return { completion: { values: shown, total: fitting.length, hasMore: shown.length < fitting.length } };
}

const argumentSchema = z.looseObject({ name: z.string(), value: z.string() });
const givenSchema = z.record(z.string(), z.string()).default({});

/** Callers with credentials of their own need not know of tools that are not open to them, nor of recipes with those. */
function recipesOf(caller: Caller): readonly Recipe[] {
  const recipes = caller.persona.version.recipes ?? [];
  if (caller.principal.kind !== "external" || recipes.length === 0) return recipes;
  const there = namesOf(caller);
  return recipes.filter((recipe) => missingOf(recipe, there).length === 0);
}

const namesOf = (caller: Caller): ReadonlySet<string> => new Set(visibleTools(caller).map(({ name }) => name));

const missingOf = ({ tools }: Recipe, there: ReadonlySet<string>): string[] => tools.filter((name) => !there.has(name));

const missingText = (missing: readonly string[]): string =>
  missing.length === 0 ? "" : `Not available to this caller: ${missing.join(", ")}.`;

const valuesText = (values: readonly string[]): string => (values.length === 0 ? "" : `One of: ${values.join(", ")}.`);

function checkArguments(recipe: Recipe, given: unknown): ReadonlyMap<string, string> {
  const parsed = givenSchema.safeParse(given ?? undefined);
  if (!parsed.success) throw invalid("arguments must be texts by name");
  const texts = new Map(Object.entries(parsed.data));
  const unknown = [...texts.keys()].find((name) => recipe.arguments.every((each) => each.name !== name));
  if (unknown !== undefined) throw invalid(`${recipe.name} has no argument ${unknown.slice(0, 100)}`);
  for (const { name, required, values } of recipe.arguments) {
    const text = texts.get(name) ?? "";
    if (text === "") {
      if (required) throw invalid(`The argument ${name} is missing`);
    } else if (values.length > 0 && !values.includes(text)) {
      throw invalid(`The argument ${name} must be one of: ${values.join(", ")}`);
    }
  }
  return texts;
}

/** What an argument says is text and never looked into: it may well contain braces. */
function fill(recipe: Recipe, texts: ReadonlyMap<string, string>): string {
  const known = new Set(recipe.arguments.map(({ name }) => name));
  let length = recipe.text.length;
  return recipe.text.replaceAll(/\{([a-z][a-zA-Z0-9_]*)\}/gu, (whole, name: string) => {
    if (!known.has(name)) return whole;
    const text = texts.get(name) ?? "";
    length += text.length;
    if (length > TEXT_LENGTH) throw invalid(`The text would be longer than ${TEXT_LENGTH} characters`);
    return text;
  });
}

const invalid = (message: string): ProtocolError => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
