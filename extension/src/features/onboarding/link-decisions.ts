import { AppError } from "@agent-personas/shared/errors/app-error";
import { keyFingerprint } from "@agent-personas/shared/primitives/fingerprint";
import type { Handlers } from "../../messages/handlers.ts";
import { withFingerprint } from "./link-code.ts";
import type { OnboardingDeps } from "./onboarding-deps.ts";

type LinkDecisions = {
  create: Handlers<"relay.create-link">["relay.create-link"];
  state: Handlers<"relay.link-state">["relay.link-state"];
  decide: Handlers<"relay.decide-link">["relay.decide-link"];
};

/** The paired browser's side of linking another one. */
export function createLinkDecisions({ api, db, now }: OnboardingDeps): LinkDecisions {
  const readState = async (linkId: string) => {
    const state = await api.linkState(linkId);
    // Computed from the key here: a fingerprint that the relay states proves nothing.
    return state.state === "requested" ? { ...state, fingerprint: await keyFingerprint(state.publicKey) } : state;
  };

  return {
    create: async () => {
      const relay = await db.relay.get("relay");
      if (relay === undefined) throw new AppError("not_paired");
      const { fingerprint } = relay.device;
      const created = await api.createLink();
      // Made here and not taken from the relay, so that it leads to this relay and names this browser's key.
      const code = withFingerprint(created.code, fingerprint);
      const link = `${relay.relayUrl}/pair#${code.replaceAll("-", "").toLowerCase()}`;
      return { ...created, code, link, ownFingerprint: fingerprint };
    },
    state: ({ linkId }) => readState(linkId),
    decide: async ({ linkId, approve, fingerprint }) => {
      const asked = await readState(linkId);
      if (asked.state !== "requested" || asked.fingerprint !== fingerprint) throw new AppError("pairing_link_closed");
      await api.decideLink(linkId, { approve, fingerprint });
      if (!approve) return null;
      const approved = await readState(linkId);
      // The key that was compared is trusted, whatever the relay calls the device that it made of it.
      if (approved.state !== "approved") throw new AppError("pairing_link_closed");
      const { deviceId, name } = approved.device;
      await db.trustedDevices.put({ deviceId, name, publicKey: asked.publicKey, fingerprint, trustedAt: now() });
      return null;
    },
  };
}
