import type { Device, User } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { signPairingProof } from "@agent-personas/shared/oauth/device-token";
import { keyFingerprint, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { RelayRow, TrustedDeviceRow } from "../../db/rows.ts";
import { clockOffsetOf } from "../../lib/clock-offset.ts";
import type { Handlers } from "../../messages/handlers.ts";
import { inspectRelay } from "./inspect-relay.ts";
import { readPastedCode } from "./link-code.ts";
import type { OnboardingDeps } from "./onboarding-deps.ts";

type Pairing = {
  pair: Handlers<"relay.pair">["relay.pair"];
  outcome: Handlers<"relay.pairing-outcome">["relay.pairing-outcome"];
};
type Paired = { device: Device; user: User };
type RelayAddress = { relayUrl: string; relayId: string; clockOffset: number };

/** This browser's side of pairing, by set-up, link or recovery code. */
export function createPairing(deps: OnboardingDeps): Pairing {
  const complete = async (address: RelayAddress, paired: Paired, approver: TrustedDeviceRow | null): Promise<void> => {
    const { publicKey } = await deps.identity.ensureKey();
    const { deviceId, name } = paired.device;
    if (!sameKey(paired.device.publicKey, publicKey)) throw new AppError("pairing_proof_invalid");
    const row: RelayRow = {
      id: "relay",
      ...address,
      user: paired.user,
      device: { deviceId, name, publicKey, fingerprint: await keyFingerprint(publicKey) },
      pairedAt: deps.now(),
    };
    await deps.db.transaction("rw", deps.db.relay, deps.db.trustedDevices, async () => {
      const present = await deps.db.relay.get("relay");
      if (present?.relayUrl === row.relayUrl && present.device.deviceId === deviceId) return;
      // The person may have paired by another code while this one waited: its relay must not take the place.
      if (present !== undefined) throw new AppError("already_paired");
      await deps.db.relay.put(row);
      if (approver !== null) await deps.db.trustedDevices.put(approver);
    });
    await deps.pending.drop();
    deps.onIdentityChanged();
  };

  return {
    pair: async ({ relayUrl: address, code: text, deviceName, personName }) => {
      if ((await deps.db.relay.get("relay")) !== undefined) throw new AppError("already_paired");
      const pasted = readPastedCode(text);
      if (pasted === null) throw new AppError("pairing_code_invalid");
      const { code } = pasted;
      const { url: relayUrl, info } = await inspectRelay(deps.api, address);
      if (!(await deps.mayReach(relayUrl))) throw new AppError("connect_permission", { detail: { origins: relayUrl } });
      const relay = { relayUrl, relayId: info.relayId, clockOffset: clockOffsetOf(info.serverTime, deps.now()) };
      const key = await deps.identity.ensureKey();
      const answer = await deps.api.pair(relayUrl, {
        code,
        deviceName,
        ...(personName === undefined ? {} : { personName }),
        publicKey: key.publicKey,
        proof: await signPairingProof(key, { code, origin: relayUrl }),
      });
      if (answer.state === "paired") {
        await complete(relay, answer, null);
        return { state: "paired", recoveryCode: answer.recoveryCode };
      }
      const { deviceId, name, publicKey } = answer.approver;
      // What this browser will trust is the key that the link names, not one that the relay answers with.
      if (pasted.fingerprint !== (await keyFingerprint(publicKey))) throw new AppError("pairing_link_mismatch");
      await deps.pending.keep({ linkId: answer.linkId, ...relay, approver: { deviceId, name, publicKey } });
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
        const fingerprint = await keyFingerprint(approver.publicKey);
        const trusted = { ...approver, fingerprint, trustedAt: deps.now() };
        await complete({ relayUrl, relayId, clockOffset }, outcome, trusted);
      } else {
        await deps.pending.drop();
      }
      return { state: outcome.state };
    },
  };
}

const sameKey = (a: PublicKey, b: PublicKey): boolean => a.x === b.x && a.y === b.y;
