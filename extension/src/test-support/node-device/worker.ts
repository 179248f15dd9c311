import { randomBase62 } from "@agent-personas/shared/primitives/random";
import { createApps } from "../../apps/create-apps.ts";
import type { Downstream } from "../../apps/downstream.ts";
import { manifestOfDevice } from "../../background/manifest-of-device.ts";
import { createStatusService } from "../../background/status-service.ts";
import { watch } from "../../db/watch.ts";
import { createExecutor } from "../../executor/executor.ts";
import { createKeptResults } from "../../executor/kept-results.ts";
import { createCallerListening } from "../../executor/listening.ts";
import { createLedger } from "../../executor/ledger.ts";
import { createAccessKeysService } from "../../features/access-keys/access-keys-service.ts";
import { createEndedGrants } from "../../features/ai-clients/ended-grants.ts";
import { createGrantsService } from "../../features/ai-clients/grants-service.ts";
import { createAppsService } from "../../features/apps/apps-service.ts";
import { forgetRelay } from "../../features/onboarding/forget-relay.ts";
import { createIdentityRepository } from "../../features/onboarding/identity-repository.ts";
import { createOnboardingService } from "../../features/onboarding/onboarding-service.ts";
import { createPendingPairings } from "../../features/onboarding/pending-pairing.ts";
import { createPersonasService } from "../../features/personas/personas-service.ts";
import { syncPersonas } from "../../features/personas/sync-personas.ts";
import { createSettingsService } from "../../features/settings/settings-service.ts";
import { createRelayApi } from "../../lib/relay-api.ts";
import { createSerial } from "../../lib/serial.ts";
import type { CommandName } from "../../messages/contract.ts";
import type { Handlers } from "../../messages/handlers.ts";
import { createTunnel } from "../../tunnel/tunnel.ts";
import { createVault } from "../../vault/vault.ts";
import { createPlatform, type PlatformOptions, type Profile } from "./platform.ts";

export type Worker = {
  handlers: Partial<Handlers<CommandName>>;
  downstream: Downstream;
  /** It connects, or knows why not: what is stored of the tunnel is no longer of an earlier worker. */
  started: Promise<void>;
  /** What the browser does every few seconds. */
  alarm: () => void;
  /** Lets calls end and sessions at apps be closed. */
  stop: () => Promise<void>;
};

/** Composes one life of the service worker in Node. Keep it beside `background/start.ts`. */
export function startWorker(profile: Profile, options: PlatformOptions = {}): Worker {
  const { database: db } = profile;
  const life = new AbortController();
  const platform = createPlatform(profile, life.signal, options);
  const { session, after } = platform;
  const now = options.now ?? (() => Date.now());
  const bootId = randomBase62(16);

  const identity = createIdentityRepository(db);
  const api = createRelayApi({ identity, fetch: platform.fetch, now });
  const personas = { db, api, serial: createSerial(), now };
  const vault = createVault({ database: db, sessionStorage: session });
  const { downstream, gateway, listenOver } = createApps({
    database: db,
    vault,
    ...platform.apps,
    fetch: platform.fetch,
    now,
  });
  const grantEnded = createEndedGrants({ db, api, announce: () => undefined });
  const executor = createExecutor({
    db,
    downstream,
    catchUp: () => syncPersonas(personas),
    ledger: createLedger({ session, bootId, now }),
    kept: createKeptResults({ db, vault, now }),
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
    downstream,
    apps: listenOver((notice) => listening.onAppNotice(notice)),
    elapsed: () => performance.now(),
    onNotice: (notice) => tunnel.notice(notice),
  });
  const tunnel = createTunnel({
    identity,
    calls: executor,
    onListen: (listen) => void listening.listen(listen).catch(() => undefined),
    onSync: (news) => void syncPersonas(personas, news).catch(() => undefined),
    onSignIn: () => undefined,
    onGrantEnded: (grantId) => void grantEnded(grantId).catch(() => undefined),
    bootId,
    now,
    random: Math.random,
    after,
    lastStatus: () => db.state.get("tunnel"),
    setStatus: (status) => void db.state.put({ id: "tunnel", ...status }).catch(() => undefined),
  });

  const handlers = {
    ...createStatusService({ db, tunnel }),
    ...createOnboardingService({
      db,
      api,
      identity,
      pending: createPendingPairings(session),
      mayReach: platform.apps.mayReach,
      forgetRelay: () => forgetRelay(db),
      onIdentityChanged: () => void executor.forget().finally(() => tunnel.restart()),
      now,
    }),
    ...createSettingsService({ db, api }),
    ...createAppsService({ database: db, gateway, now }),
    ...createPersonasService(personas),
    ...createAccessKeysService({ api }),
    ...createGrantsService({ api }),
  } satisfies Partial<Handlers<CommandName>>;

  const unwatch = watch(
    () => manifestOfDevice(db),
    (manifest) => tunnel.publish(manifest),
  );
  const started = tunnel.start();

  return {
    handlers,
    downstream,
    started,
    alarm: tunnel.wake,
    stop: async () => {
      await downstream.close();
      unwatch();
      tunnel.stop();
      life.abort(new Error("The device was stopped."));
    },
  };
}
