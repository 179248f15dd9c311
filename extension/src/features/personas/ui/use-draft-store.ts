import { useCallback, useEffect, useRef } from "react";
import { useDatabase } from "../../../ui/database-context.tsx";
import { sameDraft, type WizardDraft } from "../wizard-draft.ts";

const WRITE_AFTER_MS = 400;

/**
 * Keeps the draft in the database, shortly after each change and at once when the page is left.
 * Answers a function that forgets it for good: after saving or discarding.
 */
export function useDraftStore(draftId: string, now: { draft: WizardDraft; step: number }, base: WizardDraft) {
  const database = useDatabase();
  const latest = useRef(now);
  const written = useRef(now);
  const forgotten = useRef(false);
  const write = useCallback(async () => {
    if (forgotten.current || written.current === latest.current) return;
    written.current = latest.current;
    const { draft, step } = latest.current;
    // A draft that cannot be kept must not stop the person from going on; the next change tries again.
    const work: Promise<unknown> = sameDraft(draft, base)
      ? database.drafts.delete(draftId)
      : database.drafts.put({ draftId, step, draft, updatedAt: Date.now() });
    await work.catch(() => undefined);
  }, [database, draftId, base]);
  const { draft, step } = now;
  useEffect(() => {
    if (latest.current.draft !== draft || latest.current.step !== step) latest.current = { draft, step };
    const timer = setTimeout(() => void write(), WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, step, write]);
  useEffect(() => {
    const leave = () => void write();
    document.addEventListener("visibilitychange", leave);
    addEventListener("pagehide", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      removeEventListener("pagehide", leave);
      void write();
    };
  }, [write]);
  return useCallback(async () => {
    forgotten.current = true;
    await database.drafts.delete(draftId);
  }, [database, draftId]);
}
