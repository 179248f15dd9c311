import { randomBase62 } from "@agent-personas/shared/primitives/random";
import { openDatabase } from "../db/database.ts";
import { watch } from "../db/watch.ts";
import { createExecutor } from "../executor/executor.ts";
import { createKeptResults } from "../executor/kept-results.ts";
import { createCallerListening } from "../executor/listening.ts";
import { createLedger } from "../executor/ledger.ts";
import { createAccessKeysService } from "../features/access-keys/access-keys-service.ts";
import { createEndedGrants } from "../features/ai-clients/ended-grants.ts";
import { createGrantsService } from "../features/ai-clients/grants-service.ts";
import { createLimitsService } from "../features/limits/limits-service.ts";
import { forgetRelay } from "../features/onboarding/forget-relay.ts";
import { createIdentityRepository } from "../features/onboarding/identity-repository.ts";
import { createOnboardingService } from "../features/onboarding/onboarding-service.ts";
import { createPendingPairings } from "../features/onboarding/pending-pairing.ts";
import { createPassthroughService } from "../features/passthrough/passthrough-service.ts";
import { createPersonasService } from "../features/personas/personas-service.ts";
import { syncPersonas } from "../features/personas/sync-personas.ts";
import { createSettingsService } from "../features/settings/settings-service.ts";
import { createRelayApi } from "../lib/relay-api.ts";
import { createSerial } from "../lib/serial.ts";
import type { CommandName } from "../messages/contract.ts";
import type { Handlers } from "../messages/handlers.ts";
import {
  alarms,
  listSessionStorage,
  notifications,
  permissions,
  runtime,
  sessionStorage,
  tabs,
} from "../platform/browser.ts";
import { originPattern } from "../platform/origin-pattern.ts";
import { createTunnel } from "../tunnel/tunnel.ts";
import { createVault } from "../vault/vault.ts";
import { announceEndedGrant, openAnnounced } from "./announce.ts";
import { createCommandRouter } from "./commands.ts";
import { composeApps } from "./compose-apps.ts";
import { composeSignIn } from "./compose-sign-in.ts";
import { manifestOfDevice } from "./manifest-of-device.ts";
import { showBadge } from "./show-badge.ts";
import { createStatusService } from "./status-service.ts";

const KEEP_ALIVE = "keep-alive";
/**
 * Brings a killed worker back within the relay's wait for a device (10 s). The browser grants an extension from
 * its store 30 s at the least and raises this by itself.
 */
const KEEP_ALIVE_MINUTES = 0.125;

const now = (): number => Date.now();
const mayReach = (url: string): Promise<boolean> => permissions.contains([originPattern(url)]);

/** Composes the service worker. Everything listens before this returns, or the browser would not wake us for it. */
export function start(): void {
  const db = openDatabase();
  const session = { ...sessionStorage, list: listSessionStorage };
  const bootId = randomBase62(16);

  const identity = createIdentityRepository(db);
  const api = createRelayApi({ identity, fetch: (...request) => fetch(...request), now });
  const personas = { db, api, serial: createSerial(), now };
  const catchUp = (): Promise<void> => syncPersonas(personas);

  const vault = createVault({ database: db, sessionStorage });
  const apps = composeApps({ database: db, vault, mayReach, now });
  const kept = createKeptResults({ db, vault, now });
  const signIn = composeSignIn({ db, api, identity, now });
  const grantEnded = createEndedGrants({ db, api, announce: announceEndedGrant });
  const executor = createExecutor({
    db,
    downstream: apps.downstream,
    catchUp,
    ledger: createLedger({ session, bootId, now }),
    kept,
    bootId,
    elapsed: () => performance.now(),
    onResult: (result) => tunnel.result(result),
    onProgress: (progress) => tunnel.progress(progress),
    onLog: (log) => tunnel.log(log),
    onElicited: (elicited) => tunnel.elicited(elicited),
    onAway: (away) => tunnel.away(away),
    onAsk: (ask, signal) => tunnel.ask(ask, signal),
  });
  const listening = createCallerListening({
    db,
    downstream: apps.downstream,
    apps: apps.listenOver((notice) => listening.onAppNotice(notice)),
    elapsed: () => performance.now(),
    onNotice: (notice) => tunnel.notice(notice),
  });
  const tunnel = createTunnel({
    identity,
    calls: executor,
    onListen: (listen) => void listening.listen(listen).catch(() => undefined),
    onSync: (news) => void syncPersonas(personas, news).catch(() => undefined),
    onSignIn: signIn.onSignIn,
    onGrantEnded: (grantId) => void grantEnded(grantId).catch(() => undefined),
    bootId,
    now,
    random: Math.random,
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    lastStatus: () => db.state.get("tunnel"),
    setStatus: (status) => {
      void db.state.put({ id: "tunnel", ...status }).catch(() => undefined);
      // What was to be shown while this browser was away.
      if (status.tunnel === "online") void signIn.waiting.refresh().catch(() => undefined);
    },
  });

  const handlers = {
    ...createStatusService({ db, tunnel }),
    ...createOnboardingService({
      db,
      api,
      identity,
      pending: createPendingPairings(session),
      mayReach,
      forgetRelay: () => forgetRelay(db),
      onIdentityChanged: () => void executor.forget().finally(() => tunnel.restart()),
      now,
    }),
    ...createSettingsService({ db, api }),
    ...apps.service,
    ...createPersonasService(personas),
    ...createAccessKeysService({ api }),
    ...createGrantsService({ api }),
    ...createLimitsService({ api }),
    ...createPassthroughService({ api }),
    ...signIn.service,
  } satisfies Handlers<CommandName>;

  const commands = createCommandRouter({ handlers, own: { id: runtime.id(), baseUrl: runtime.getURL("") } });
  runtime.onMessage((message, sender) => signIn.answerPage(message, sender) ?? commands(message, sender));
  notifications.onClicked(openAnnounced);
  runtime.onInstalled((reason) => {
    if (reason === "install") void tabs.create(runtime.getURL("console.html#/welcome"));
  });
  runtime.onStartup(() => tunnel.wake());
  alarms.onAlarm((name) => {
    if (name !== KEEP_ALIVE) return;
    tunnel.wake();
    void signIn.waiting.prune().catch(() => undefined);
    void kept.prune().catch(() => undefined);
  });
  void alarms.create(KEEP_ALIVE, KEEP_ALIVE_MINUTES);

  showBadge(db);
  watch(
    () => manifestOfDevice(db),
    (manifest) => tunnel.publish(manifest),
  );
  void tunnel.start();
}
