import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";
import type { IdentityRepository } from "./identity-repository.ts";
import type { PendingPairings } from "./pending-pairing.ts";

export type OnboardingDeps = {
  db: Database;
  api: RelayApi;
  identity: IdentityRepository;
  pending: PendingPairings;
  /** Whether the browser lets this extension reach the address. */
  mayReach: (url: string) => Promise<boolean>;
  /** Deletes what belongs to the relay: identity, trusted devices, personas and their bindings. */
  forgetRelay: () => Promise<void>;
  /** Paired or unpaired: the tunnel begins anew. */
  onIdentityChanged: () => void;
  now: () => number;
};
