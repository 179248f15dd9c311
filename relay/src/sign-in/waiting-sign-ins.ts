import type { WaitingSignIn } from "@agent-personas/shared/api/grants";
import { createId } from "@agent-personas/shared/primitives/id";
import type { CodeOwner } from "./sign-in-codes.ts";

/** Milliseconds. */
const LIFETIME = 5 * 60_000;
/** A device's open ones; only a code that its person gave away makes one. */
const PER_DEVICE = 10;
const OPEN = 10_000;

export type WaitingState = { kind: "waiting" } | { kind: "allowed"; owner: CodeOwner } | { kind: "over" };

/** Sign-ins whose code was typed elsewhere and that wait for the Allow of the browser that made the code. */
export type WaitingSignIns = {
  /** null when too many wait. */
  open: (
    owner: CodeOwner,
    request: Pick<WaitingSignIn, "client" | "place" | "personaId" | "scopes">,
  ) => WaitingSignIn | null;
  /** `over`: denied, given up, or too old. */
  state: (signInId: string) => WaitingState;
  ofDevice: (deviceId: string) => WaitingSignIn[];
  /** False when nothing of that id waits for this device. */
  decide: (deviceId: string, signInId: string, allow: boolean) => boolean;
  forget: (signInId: string) => void;
};

type Entry = { owner: CodeOwner; signIn: WaitingSignIn; allowed: boolean };

export function createWaitingSignIns({ now }: { now: () => number }): WaitingSignIns {
  const entries = new Map<string, Entry>();
  const find = (signInId: string): Entry | null => {
    const entry = entries.get(signInId);
    return entry === undefined || entry.signIn.expiresAt <= now() ? null : entry;
  };
  const waitingOf = (deviceId: string): Entry[] =>
    [...entries.values()].filter(({ owner, signIn, allowed }) => {
      return owner.deviceId === deviceId && !allowed && signIn.expiresAt > now();
    });
  return {
    open: (owner, request) => {
      for (const [id, { signIn }] of entries) if (signIn.expiresAt <= now()) entries.delete(id);
      if (entries.size >= OPEN || waitingOf(owner.deviceId).length >= PER_DEVICE) return null;
      const signIn = { ...request, signInId: createId("signin", now()), expiresAt: now() + LIFETIME };
      entries.set(signIn.signInId, { owner, signIn, allowed: false });
      return signIn;
    },
    state: (signInId) => {
      const entry = find(signInId);
      if (entry === null) return { kind: "over" };
      return entry.allowed ? { kind: "allowed", owner: entry.owner } : { kind: "waiting" };
    },
    ofDevice: (deviceId) => waitingOf(deviceId).map(({ signIn }) => signIn),
    decide: (deviceId, signInId, allow) => {
      const entry = find(signInId);
      if (entry === null || entry.allowed || entry.owner.deviceId !== deviceId) return false;
      if (allow) entry.allowed = true;
      else entries.delete(signInId);
      return true;
    },
    forget: (signInId) => void entries.delete(signInId),
  };
}
