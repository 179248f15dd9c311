import { pairingCodeSchema, type Device, type User } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { signPairingProof } from "@agent-personas/shared/oauth/device-token";
import { keyFingerprint, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { Handlers } from "../../messages/handlers.ts";
import { inspectRelay } from "./inspect-relay.ts";
import type { OnboardingDeps } from "./onboarding-deps.ts";

type Pairing = {
  pair: Handlers<"relay.pair">["relay.pair"];
  outcome: Handlers<"relay.pairing-outcome">["relay.pairing-outcome"];
};
type RelayAddress = { relayUrl: string; relayId: string; clockOffset: number };

/** This browser's side of pairing, by set-up, link or recovery code. */
export function createPairing(deps: OnboardingDeps): Pairing {
  const complete = async (address: RelayAddress, paired: { device: Device; user: User }): Promise<void> => {
    const { publicKey } = await deps.identity.ensureKey();
    const { deviceId, name } = paired.device;
    if (!sameKey(paired.device.publicKey, publicKey)) throw new AppError("pairing_proof_invalid");
    await deps.db.relay.put({
      id: "relay",
      ...address,
      user: paired.user,
      device: { deviceId, name, publicKey, fingerprint: await keyFingerprint(publicKey) },
      pairedAt: deps.now(),
    });
    deps.onIdentityChanged();
  };

  return {
    pair: async ({ relayUrl: pasted, code: text, deviceName, personName }) => {
      if ((await deps.db.relay.get("relay")) !== undefined) throw new AppError("already_paired");
      const code = pairingCodeSchema.safeParse(text);
      if (!code.success) throw new AppError("pairing_code_invalid");
      const { url: relayUrl, info } = await inspectRelay(deps.api, pasted);
      if (!(await deps.mayReach(relayUrl))) throw new AppError("connect_permission", { detail: { origins: relayUrl } });
      const address = { relayUrl, relayId: info.relayId, clockOffset: info.serverTime - deps.now() };
      const key = await deps.identity.ensureKey();
      const answer = await deps.api.pair(relayUrl, {
        code: code.data,
        deviceName,
        ...(personName === undefined ? {} : { personName }),
        publicKey: key.publicKey,
        proof: await signPairingProof(key, { code: code.data, origin: relayUrl }),
      });
      if (answer.state === "paired") {
        await complete(address, answer);
        return { state: "paired", recoveryCode: answer.recoveryCode };
      }
      const { deviceId, name, publicKey } = answer.approver;
      await deps.pending.keep({ linkId: answer.linkId, ...address, approver: { deviceId, name, publicKey } });
      return {
        state: "pending",
        linkId: answer.linkId,
        expiresAt: answer.expiresAt,
        // Both are computed here: a fingerprint that the relay states proves nothing.
        ownFingerprint: await keyFingerprint(key.publicKey),
        approver: { name, fingerprint: await keyFingerprint(publicKey) },
      };
    },

    outcome: async ({ linkId }) => {
      const pending = await deps.pending.find(linkId);
      if (pending === null) {
        return { state: (await deps.db.relay.get("relay")) === undefined ? "expired" : "paired" };
      }
      const outcome = await deps.api.linkOutcome(pending.relayUrl, linkId);
      if (outcome.state === "pending") return { state: "pending" };
      if (outcome.state === "paired") {
        const { relayUrl, relayId, clockOffset, approver } = pending;
        await deps.db.trustedDevices.put({
          ...approver,
          fingerprint: await keyFingerprint(approver.publicKey),
          trustedAt: deps.now(),
        });
        await complete({ relayUrl, relayId, clockOffset }, outcome);
      }
      await deps.pending.drop();
      return { state: outcome.state };
    },
  };
}

const sameKey = (a: PublicKey, b: PublicKey): boolean => a.x === b.x && a.y === b.y;
