import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { useCommand } from "../../../ui/use-command.ts";
import { applyDecisions } from "../apply-decisions.ts";
import { draftOfPersona } from "../wizard-draft.ts";
import type { PersonaView } from "./use-personas.ts";

/** Saves a persona with other recipes and everything else as it was approved. */
export function useSaveRecipes({ row, bindings, apps }: PersonaView) {
  const { run, pending, error } = useCommand("personas.save");
  return {
    pending,
    error,
    /** Answers whether it was saved. */
    run: async (recipes: readonly Recipe[]): Promise<boolean> => {
      const draft = applyDecisions(draftOfPersona(row, bindings, apps), row.accepted, []);
      return draft !== null && (await run({ draft: { ...draft, recipes: [...recipes] } })) !== undefined;
    },
  };
}
