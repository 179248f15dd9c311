import { AppError } from "@agent-personas/shared/errors/app-error";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";
import { createLinkDecisions } from "./link-decisions.ts";
import { inspectRelay } from "./inspect-relay.ts";
import type { OnboardingDeps } from "./onboarding-deps.ts";
import { createPairing } from "./pairing.ts";

/** Everything between this installation and its relay: pairing, linking another browser, recovery, unpairing. */
export function createOnboardingService(deps: OnboardingDeps): Handlers<CommandsOf<"relay">> {
  const pairing = createPairing(deps);
  const links = createLinkDecisions(deps);
  return {
    "relay.inspect": async ({ relayUrl }) => {
      const { url, info } = await inspectRelay(deps.api, relayUrl);
      return { host: new URL(url).host, relayId: info.relayId, version: info.version };
    },
    "relay.pair": pairing.pair,
    "relay.pairing-outcome": pairing.outcome,
    "relay.unpair": async () => {
      const relay = await deps.db.relay.get("relay");
      if (relay === undefined) throw new AppError("not_paired");
      // The person leaves this relay whether or not it answers; the key that proved this device is destroyed.
      await deps.api.revokeDevice(relay.device.deviceId).catch(() => undefined);
      await deps.forgetRelay();
      deps.onIdentityChanged();
      return null;
    },
    "relay.create-link": links.create,
    "relay.link-state": links.state,
    "relay.decide-link": links.decide,
    "relay.new-recovery-code": () => deps.api.newRecoveryCode(),
  };
}
