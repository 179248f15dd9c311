import type { LinkCreated, LinkOutcome, LinkState, PairResponse } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { keyFingerprint, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { insertAudit } from "../store/audit.ts";
import { findDevice } from "../store/devices.ts";
import { countOpenLinks, deleteLinksBefore, findLink, insertLink, requestLink, type LinkRow } from "../store/links.ts";
import { createPairingCode } from "./pairing-code.ts";
import { loadUser, renderDevice } from "./render-device.ts";

const LIFETIME_MS = 5 * 60_000;
/** How long the outcome of a closed link can still be read. */
const KEPT_MS = 60 * 60_000;
const OPEN_LINKS = 10;

export type LinkDeps = Pick<RelayDeps, "config" | "store" | "now" | "tunnel">;

/**
 * A link that adds another device of the same person, once this device's person confirms it.
 * @throws AppError `rate_limited` when too many are open.
 */
export async function createDeviceLink(deps: LinkDeps, device: KnownDevice): Promise<LinkCreated> {
  const now = deps.now();
  await deleteLinksBefore(deps.store.db, now - KEPT_MS);
  if ((await countOpenLinks(deps.store.db, device.userId, now)) >= OPEN_LINKS) {
    throw new AppError("rate_limited", { detail: { retryAfter: String(LIFETIME_MS / 1_000) } });
  }
  const { code, shown, hash } = await createPairingCode();
  const linkId = createId("link", now);
  const expiresAt = now + LIFETIME_MS;
  await insertLink(deps.store.db, {
    linkId,
    userId: device.userId,
    creatorDeviceId: device.deviceId,
    codeHash: hash,
    createdAt: now,
    expiresAt,
  });
  await insertAudit(deps.store.db, {
    at: now,
    userId: device.userId,
    deviceId: device.deviceId,
    event: "link_created",
    subject: linkId,
    detail: {},
  });
  // In the fragment, so that opening the link sends the code nowhere.
  return { linkId, code: shown, link: `${deps.config.publicUrl}/pair#${code}`, expiresAt };
}

/** The new device's side: takes the link, which then waits for its creator. @throws AppError `pairing_code_invalid` */
export async function requestDeviceLink(
  deps: LinkDeps,
  request: { codeHash: string; name: string; publicKey: PublicKey },
): Promise<PairResponse> {
  const link = await requestLink(deps.store.db, { ...request, now: deps.now() });
  const approver = link === null ? null : await findDevice(deps.store.db, link.creatorDeviceId);
  if (link === null || approver === null) throw new AppError("pairing_code_invalid");
  return {
    state: "pending",
    linkId: link.linkId,
    expiresAt: link.expiresAt,
    approver: {
      deviceId: approver.deviceId,
      name: approver.name,
      publicKey: approver.publicKey,
      fingerprint: await keyFingerprint(approver.publicKey),
    },
  };
}

/** What the creator's screen shows. @throws AppError `not_found` for anybody else. */
export async function readLinkState(deps: LinkDeps, device: KnownDevice, linkId: string): Promise<LinkState> {
  const link = await findLink(deps.store.db, linkId);
  if (link === null || link.creatorDeviceId !== device.deviceId) throw new AppError("not_found");
  return renderLinkState(deps, link);
}

export async function renderLinkState(deps: LinkDeps, link: LinkRow): Promise<LinkState> {
  const state = stateAt(link, deps.now());
  if (state === "requested" && link.requested !== null) {
    const { name, publicKey } = link.requested;
    return { state, name, publicKey, fingerprint: await keyFingerprint(publicKey) };
  }
  if (state === "approved") {
    const added = link.deviceId === null ? null : await findDevice(deps.store.db, link.deviceId);
    return added === null ? { state: "expired" } : { state, device: await renderDevice(added, deps) };
  }
  return { state: state === "requested" ? "waiting" : state };
}

/** What the new device polls; the link's id is its capability. @throws AppError `not_found` */
export async function readLinkOutcome(deps: LinkDeps, linkId: string): Promise<LinkOutcome> {
  const link = await findLink(deps.store.db, linkId);
  if (link === null) throw new AppError("not_found");
  const state = stateAt(link, deps.now());
  if (state === "waiting" || state === "requested") return { state: "pending" };
  if (state !== "approved") return { state };
  const device = link.deviceId === null ? null : await findDevice(deps.store.db, link.deviceId);
  if (device === null) return { state: "expired" };
  return {
    state: "paired",
    device: await renderDevice(device, deps),
    user: await loadUser(deps, device.userId),
    recoveryCode: null,
  };
}

function stateAt(link: LinkRow, now: number): LinkRow["state"] | "expired" {
  const open = link.state === "waiting" || link.state === "requested";
  return open && link.expiresAt <= now ? "expired" : link.state;
}
