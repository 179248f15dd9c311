import type { Database } from "../db/database.ts";
import { watch } from "../db/watch.ts";
import { action } from "../platform/browser.ts";
import { badgeOf } from "./badge.ts";

/** Keeps the toolbar badge in step with the tunnel, the connections and what waits for the person. */
export function showBadge(db: Database): void {
  watch(
    async () =>
      badgeOf((await db.state.get("tunnel"))?.tunnel, await db.connections.toArray(), await db.signIns.count()),
    ({ text, color }) => void action.setBadge(text, color).catch(() => undefined),
  );
}
