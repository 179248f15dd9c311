import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";

/** Who signs in, proved once on the first page and looked up again at every step. */
export type Identity =
  | { kind: "person"; userId: string; deviceId: string }
  | { kind: "key"; userId: string; keyId: string };

export type Stage =
  | { kind: "identify" }
  | { kind: "waiting"; signInId: string }
  /** At the bare relay: the persona chosen there, or that one is being chosen. */
  | { kind: "consent"; identity: Identity; personaId: string | null; choosing: boolean };

/** What went wrong with the last form, for the page to say. */
export type Notice =
  | "extension_refused"
  | "clock"
  | "code_wrong"
  | "code_too_many"
  | "code_busy"
  | "code_over"
  | "key_wrong"
  | "key_too_many"
  | "key_other_persona"
  | "key_no_scope"
  | "not_yours"
  | "gone"
  | "nothing_chosen";

/** How far a sign-in is. `step` grows with the stage: a form of an earlier one is old, not forged. */
export type Progress = { step: number; stage: Stage; notice: Notice | null };

export type ProgressStore = {
  get: (uid: string) => Progress;
  /** Goes to another stage. */
  enter: (uid: string, stage: Stage, notice?: Notice | null) => void;
  notify: (uid: string, notice: Notice | null) => void;
  forget: (uid: string) => void;
};

/** Milliseconds since the last step. */
const LIFETIME = 60 * 60_000;
const KEPT = 20_000;

/**
 * Held in memory: after a restart a person signs in once more. Only who holds the provider's cookie for a sign-in
 * gets as far as asking for its progress.
 */
export function createProgressStore({ now }: { now: () => number }): ProgressStore {
  const known = new Map<string, Progress & { touchedAt: number }>();
  const get = (uid: string): Progress => {
    const found = known.get(uid);
    if (found !== undefined && found.touchedAt + LIFETIME > now()) return found;
    return { step: 0, stage: { kind: "identify" }, notice: null };
  };
  const put = (uid: string, progress: Progress): void =>
    keepNewest(known, uid, { ...progress, touchedAt: now() }, KEPT);
  return {
    get,
    enter: (uid, stage, notice = null) => put(uid, { step: get(uid).step + 1, stage, notice }),
    notify: (uid, notice) => {
      const progress = get(uid);
      if (progress.notice !== notice) put(uid, { ...progress, notice });
    },
    forget: (uid) => void known.delete(uid),
  };
}
