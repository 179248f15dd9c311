import type { Sync } from "@agent-personas/shared/tunnel/messages";
import { listVersions } from "../store/personas.ts";
import type { Store } from "../store/store.ts";

/** Ids and newest versions of a person's personas, as the tunnel's `sync` carries them. */
export const newestVersions =
  ({ db }: Store) =>
  (userId: string): Promise<Sync["personas"]> =>
    listVersions(db, userId);
