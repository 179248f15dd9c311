import type { LinkState } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { keyFingerprint, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import type { KnownDevice } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { insertDevice, isKeyKnown } from "../store/devices.ts";
import { decideLink, findLink } from "../store/links.ts";
import { readLinkState, type LinkDeps } from "./device-link.ts";

/**
 * The creator's answer to the device that took the link. `fingerprint` is what the person saw on both screens.
 * @throws AppError `not_found` | `pairing_link_closed` | `invalid_request` when it is another device's fingerprint.
 */
export async function decideDeviceLink(
  deps: LinkDeps,
  device: KnownDevice,
  decision: { linkId: string; approve: boolean; fingerprint: string },
): Promise<LinkState> {
  const link = await findLink(deps.store.db, decision.linkId);
  if (link === null || link.creatorDeviceId !== device.deviceId) throw new AppError("not_found");
  if (link.requested === null) throw new AppError("pairing_link_closed");
  if (decision.fingerprint !== (await keyFingerprint(link.requested.publicKey))) {
    throw new AppError("invalid_request", {
      detail: { problem: "the fingerprint is not that of the browser that asks" },
    });
  }
  const closing = { device, linkId: decision.linkId, requested: link.requested };
  await (decision.approve ? approve(deps, closing) : deny(deps, closing));
  return readLinkState(deps, device, decision.linkId);
}

type Closing = { device: KnownDevice; linkId: string; requested: { name: string; publicKey: PublicKey } };

async function approve(deps: LinkDeps, { device, linkId, requested }: Closing): Promise<void> {
  const now = deps.now();
  const deviceId = createId("device", now);
  await deps.store.db.transaction().execute(async (db) => {
    if (await isKeyKnown(db, requested.publicKey)) throw new AppError("already_paired");
    await insertDevice(db, { deviceId, userId: device.userId, ...requested, createdAt: now });
    if (!(await decideLink(db, linkId, { state: "approved", deviceId, now }))) {
      throw new AppError("pairing_link_closed");
    }
    await insertAudit(db, {
      at: now,
      userId: device.userId,
      deviceId: device.deviceId,
      event: "device_paired",
      subject: deviceId,
      detail: { by: "link" },
    });
  });
}

async function deny(deps: LinkDeps, { device, linkId }: Closing): Promise<void> {
  const now = deps.now();
  if (!(await decideLink(deps.store.db, linkId, { state: "denied", deviceId: null, now }))) {
    throw new AppError("pairing_link_closed");
  }
  await insertAudit(deps.store.db, {
    at: now,
    userId: device.userId,
    deviceId: device.deviceId,
    event: "link_denied",
    subject: linkId,
    detail: {},
  });
}
