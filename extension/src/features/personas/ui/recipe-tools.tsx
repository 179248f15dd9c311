import { Plus, TriangleAlert, X } from "lucide-react";
import { useId, useState } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { SearchInput } from "../../../ui/search-input.tsx";
import { MAX_RECIPE_TOOLS } from "../recipe-draft.ts";
import { matchesQuery } from "../tool-tree.ts";

type RecipeToolsProps = {
  chosen: readonly string[];
  /** All of the persona. */
  offered: readonly string[];
  onChange: (chosen: string[]) => void;
};

const SHOWN = 6;

/** The tools that a recipe speaks of: clients are told when one is missing. */
export function RecipeTools({ chosen, offered, onChange }: RecipeToolsProps) {
  const id = useId();
  const [query, setQuery] = useState("");
  const present = new Set(offered);
  const free = offered.filter((name) => !chosen.includes(name) && matchesQuery(name.toLowerCase(), query));
  const add = (name: string) => {
    onChange([...chosen, name]);
    setQuery("");
  };
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-2">
      <div>
        <p id={id} className="text-sm font-medium">
          {i18n.t("recipes.tools")}
        </p>
        <p className="text-sm text-muted">{i18n.t("recipes.toolsHint")}</p>
      </div>
      {chosen.length > 0 && (
        <ul aria-label={i18n.t("recipes.tools")} className="flex flex-wrap gap-1.5">
          {chosen.map((name) => (
            <li key={name}>
              <Badge tone={present.has(name) ? "neutral" : "warning"} className="py-0.5 ps-2 font-mono">
                {!present.has(name) && <TriangleAlert aria-hidden />}
                <span className="break-all whitespace-normal">{name}</span>
                <button
                  type="button"
                  aria-label={i18n.t("recipes.removeTool", { tool: name })}
                  onClick={() => onChange(chosen.filter((each) => each !== name))}
                  className="grid size-5 place-items-center rounded-sm hover:bg-hover"
                >
                  <X aria-hidden />
                </button>
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {chosen.some((name) => !present.has(name)) && (
        <p role="status" className="text-sm text-warning-ink">
          {i18n.t("recipes.missingHint")}
        </p>
      )}
      {chosen.length < MAX_RECIPE_TOOLS && offered.length > 0 && (
        <>
          <div
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
              event.preventDefault();
              const [first] = free;
              if (query !== "" && first !== undefined) add(first);
            }}
          >
            <SearchInput value={query} onChange={setQuery} label={i18n.t("recipes.findTool")} className="sm:max-w-xs" />
          </div>
          <ul aria-label={i18n.t("recipes.addTool")} className="flex flex-wrap gap-1.5 empty:hidden">
            {free.slice(0, SHOWN).map((name) => (
              <li key={name}>
                <Button
                  size="sm"
                  aria-label={i18n.t("recipes.addToolNamed", { tool: name })}
                  onClick={() => add(name)}
                  className="font-mono"
                >
                  <Plus aria-hidden />
                  {name}
                </Button>
              </li>
            ))}
          </ul>
          {free.length > SHOWN && (
            <p className="text-sm text-muted">{i18n.t("recipes.moreTools", free.length - SHOWN)}</p>
          )}
        </>
      )}
    </div>
  );
}
