import type { RelayDeps } from "../../deps.ts";
import type { SignIns } from "../../sign-in/create-sign-ins.ts";
import type { Interactions } from "../interactions.ts";

/** What the sign-in pages need of the relay. */
export type SignInPageDeps = Pick<
  RelayDeps,
  "config" | "store" | "now" | "personas" | "devices" | "usedTokens" | "tunnel"
> & { interactions: Interactions; signIns: SignIns };
