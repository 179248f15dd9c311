import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useEffect, useState } from "react";
import type { Database } from "../../../db/database.ts";
import type { PersonaRow } from "../../../db/rows.ts";
import { useDatabase } from "../../../ui/database-context.tsx";
import { toAppError } from "../../../ui/to-app-error.ts";
import { draftOfPersona, emptyDraft, readDraft, sameDraft, type WizardDraft } from "../wizard-draft.ts";

export type WizardStart = {
  /** The persona being edited; null for a new one. */
  row: PersonaRow | null;
  /** What the wizard shows without a draft. */
  base: WizardDraft;
  restored: { draft: WizardDraft; step: number; updatedAt: number } | null;
};

type Loaded =
  | { state: "loading" }
  | { state: "missing" }
  | { state: "failed"; error: AppError }
  | { state: "ready"; start: WizardStart };

/** The key of a wizard in the drafts table. */
export const draftIdOf = (personaId: string | null): string => personaId ?? "new";

/** Read once: what is edited afterwards lives in the page and is only written. */
export function useWizardStart(personaId: string | null): Loaded {
  const database = useDatabase();
  const [loaded, setLoaded] = useState<Loaded>({ state: "loading" });
  useEffect(() => {
    const page = new AbortController();
    const load = async () => {
      const answer = await readStart(database, personaId).catch((thrown: unknown): Loaded => ({
        state: "failed",
        error: toAppError(thrown),
      }));
      if (!page.signal.aborted) setLoaded(answer);
    };
    void load();
    return () => page.abort();
  }, [database, personaId]);
  return loaded;
}

async function readStart(database: Database, personaId: string | null): Promise<Loaded> {
  const [row, bindings, apps, connectionIds, stored] = await Promise.all([
    personaId === null ? undefined : database.personas.get(personaId),
    database.bindings.toArray(),
    database.apps.toArray(),
    database.connections.toCollection().primaryKeys(),
    database.drafts.get(draftIdOf(personaId)),
  ]);
  if (personaId !== null && row === undefined) return { state: "missing" };
  // A binding may outlive its connection; then nothing serves the slot.
  const served = bindings.filter((binding) => connectionIds.includes(binding.connectionId));
  const base = row === undefined ? emptyDraft() : draftOfPersona(row, served, apps);
  const draft = stored === undefined ? null : readDraft(stored.draft);
  return {
    state: "ready",
    start: {
      row: row ?? null,
      base,
      restored:
        stored === undefined || draft === null || sameDraft(draft, base)
          ? null
          : { draft, step: stored.step, updatedAt: stored.updatedAt },
    },
  };
}
