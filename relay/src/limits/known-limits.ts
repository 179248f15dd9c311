import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";
import { findLimits, type LimitSubject } from "../store/limit-settings.ts";
import type { Store } from "../store/store.ts";

/** What people set, held in memory until it is changed. */
export type KnownLimits = {
  of: (subject: LimitSubject) => Promise<LimitSettings>;
  /** After a change. */
  forget: (subjectId: string) => void;
};

const KEPT = 20_000;

export function createKnownLimits({ db }: Store): KnownLimits {
  const known = new Map<string, Promise<LimitSettings>>();
  return {
    of: (subject) => {
      const found = known.get(subject.id);
      if (found !== undefined) return found;
      const loading = findLimits(db, subject);
      loading.catch(() => {
        if (known.get(subject.id) === loading) known.delete(subject.id);
      });
      keepNewest(known, subject.id, loading, KEPT);
      return loading;
    },
    forget: (subjectId) => void known.delete(subjectId),
  };
}
