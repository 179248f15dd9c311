import type { Database } from "../db/database.ts";
import { watch } from "../db/watch.ts";
import { createPageRouter, isPageQuestion } from "../features/sign-in/page-router.ts";
import { keepPageScript } from "../features/sign-in/page-script.ts";
import { createKeptCode } from "../features/sign-in/sign-in-code.ts";
import { createSignInsService } from "../features/sign-in/sign-ins-service.ts";
import { createWaitingSignIns, type WaitingSignIns } from "../features/sign-in/waiting-sign-ins.ts";
import type { IdentitySource } from "../lib/identity.ts";
import type { RelayApi } from "../lib/relay-api.ts";
import { createSerial } from "../lib/serial.ts";
import { pageScript, runtime, sessionStorage, type MessageSender } from "../platform/browser.ts";
import { announceSignIn } from "./announce.ts";

export type ComposedSignIn = {
  service: ReturnType<typeof createSignInsService>;
  waiting: WaitingSignIns;
  /** Answers the relay's sign-in page; null when the message is not from there. */
  answerPage: (message: unknown, sender: MessageSender) => Promise<unknown> | null;
  /** A code was typed somewhere: it is used up, and somebody waits. */
  onSignIn: () => void;
};

/** Signing in to the relay's pages with this browser, here and elsewhere. */
export function composeSignIn(deps: {
  db: Database;
  api: RelayApi;
  identity: IdentitySource;
  now: () => number;
}): ComposedSignIn {
  const { db, api, identity, now } = deps;
  const kept = createKeptCode(sessionStorage);
  const waiting = createWaitingSignIns({ db, api, announce: announceSignIn, now });
  const router = createPageRouter({
    identity,
    person: async () => (await db.relay.get("relay"))?.user.name ?? null,
    ownId: runtime.id(),
    now,
  });
  const script = pageScript("sign-in-page", "sign-in-page.js");
  const oneByOne = createSerial();
  watch(
    async () => (await db.relay.get("relay"))?.relayUrl ?? null,
    (relayUrl) => void oneByOne(() => keepPageScript(script, relayUrl)).catch(() => undefined),
  );
  return {
    service: createSignInsService({ db, api, kept, waiting, now }),
    waiting,
    answerPage: (message, sender) =>
      isPageQuestion(message) ? router(message, { ...sender, inTab: sender.tab !== undefined }) : null,
    onSignIn: () => {
      void kept.drop().catch(() => undefined);
      void waiting.refresh().catch(() => undefined);
    },
  };
}
