import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { BookOpenText, Pencil, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { AlertDialog } from "../../../ui/alert-dialog.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { PlainText } from "../../../ui/plain-text.tsx";
import { Section } from "../../../ui/section.tsx";
import { MAX_RECIPES, missingTools, textParts } from "../recipe-draft.ts";
import { RecipeDialog } from "./recipe-dialog.tsx";
import { useSaveRecipes } from "./use-save-recipes.ts";
import type { PersonaView } from "./use-personas.ts";

/** Prompts that the owner wrote; AI clients show them as slash commands. */
export function RecipesSection({ view }: { view: PersonaView }) {
  const { recipes = [], tools } = view.row.accepted;
  const [edited, setEdited] = useState<{ recipe: Recipe | null } | null>(null);
  const [removed, setRemoved] = useState<Recipe | null>(null);
  const save = useSaveRecipes(view);
  const present = new Set(tools.map((tool) => tool.exposedName));
  const remove = async () => {
    const done = await save.run(recipes.filter((recipe) => recipe !== removed));
    if (done) setRemoved(null);
  };
  const add = (
    <Button size="sm" disabled={recipes.length >= MAX_RECIPES} onClick={() => setEdited({ recipe: null })}>
      <Plus aria-hidden />
      {i18n.t("recipes.add")}
    </Button>
  );
  return (
    <Section
      title={i18n.t("recipes.title")}
      description={i18n.t("recipes.text")}
      actions={recipes.length > 0 ? add : undefined}
    >
      <Card>
        {recipes.length === 0 ? (
          <EmptyState
            icon={BookOpenText}
            title={i18n.t("recipes.empty")}
            text={i18n.t("recipes.emptyText")}
            action={add}
            className="py-8"
          />
        ) : (
          <ul aria-label={i18n.t("recipes.title")} className="divide-y divide-line">
            {recipes.map((recipe) => (
              <RecipeRow
                key={recipe.name}
                recipe={recipe}
                missing={missingTools(recipe, present)}
                onEdit={() => setEdited({ recipe })}
                onRemove={() => setRemoved(recipe)}
              />
            ))}
          </ul>
        )}
      </Card>
      {edited !== null && <RecipeDialog view={view} recipe={edited.recipe} onClose={() => setEdited(null)} />}
      <AlertDialog
        open={removed !== null}
        onOpenChange={(open) => {
          if (!open && !save.pending) setRemoved(null);
        }}
        title={i18n.t("recipes.removeTitle", { name: removed?.name ?? "" })}
        description={i18n.t("recipes.removeText")}
        action={i18n.t("recipes.removeAction")}
        pending={save.pending}
        error={save.error && <ErrorState error={save.error} />}
        onConfirm={() => void remove()}
      />
    </Section>
  );
}

type RecipeRowProps = { recipe: Recipe; missing: readonly string[]; onEdit: () => void; onRemove: () => void };

function RecipeRow({ recipe, missing, onEdit, onRemove }: RecipeRowProps) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <code className="font-mono text-sm font-medium break-all">{recipe.name}</code>
          {recipe.description !== "" && <PlainText text={recipe.description} className="text-sm text-muted" />}
        </p>
        <p dir="auto" className="mt-1 line-clamp-3 text-sm break-words whitespace-pre-wrap text-muted">
          {textParts(recipe).map((part, index) =>
            part.argument === undefined ? (
              <PlainText key={index} text={part.text} />
            ) : (
              <Badge key={index} tone="accent" className="mx-0.5 font-mono">
                {part.argument}
              </Badge>
            ),
          )}
        </p>
        {missing.length > 0 && (
          <p className="mt-1.5 flex items-start gap-1.5 text-sm text-warning-ink">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="min-w-0 break-words">{i18n.t("recipes.missing", { tools: missing.join(", ") })}</span>
          </p>
        )}
      </div>
      <span className="flex items-center gap-1">
        <IconButton size="sm" label={i18n.t("recipes.edit", { name: recipe.name })} onClick={onEdit}>
          <Pencil aria-hidden />
        </IconButton>
        <IconButton size="sm" label={i18n.t("recipes.remove", { name: recipe.name })} onClick={onRemove}>
          <Trash2 aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}
