import { createApps, type Apps } from "../apps/create-apps.ts";
import type { Database } from "../db/database.ts";
import { createAppsService, type AppsService } from "../features/apps/apps-service.ts";
import { identity, runtime } from "../platform/browser.ts";
import { createOriginRules } from "../platform/origin-rules.ts";
import type { Vault } from "../vault/vault.ts";

/** Set while bundling. */
declare const CLIENT_DOCUMENT: string | null;

export type ComposedApps = Pick<Apps, "downstream" | "listenOver"> & { service: AppsService };

/** The downstream half: sessions and sign-ins at apps, with what the browser lends them. */
export function composeApps(deps: {
  database: Database;
  vault: Vault;
  mayReach: (url: string) => Promise<boolean>;
  now: () => number;
}): ComposedApps {
  const { database, vault, mayReach, now } = deps;
  const { locks } = navigator;
  const { downstream, gateway, listenOver } = createApps({
    database,
    vault,
    locks,
    identity,
    originRules: createOriginRules({ locks }),
    mayReach,
    clientDocument: CLIENT_DOCUMENT,
    version: runtime.version(),
    fetch: (...request) => fetch(...request),
    now,
  });
  return { downstream, listenOver, service: createAppsService({ database, gateway, now }) };
}
