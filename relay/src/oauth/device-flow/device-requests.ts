import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import { z } from "zod";
import { consumeRecord, findRecord, replaceRecord, type RecordRow } from "../../store/oauth-records.ts";
import type { Store } from "../../store/store.ts";

export const DEVICE_CODE = "DeviceCode";
export const USER_CODE = "UserCode";

const pointerSchema = z.object({ deviceCode: z.string() });
const requestSchema = z.object({
  clientId: z.string(),
  endsAt: z.number(),
  params: z.object({ scope: z.string(), resource: z.string() }),
  deviceInfo: z.object({ clientName: z.string(), ip: z.string() }),
  grantId: z.string().optional(),
  error: z.string().optional(),
});

/** What a client without a browser asks for. */
export type DeviceRequest = z.infer<typeof requestSchema> & { record: RecordRow };

type Deps = { store: Store; now: () => number };

export const hashUserCode = (code: string): Promise<string> => sha256Hex(`${USER_CODE}:${code}`);

/** Uses a typed code up; answers where its request is stored, or null when it is wrong, used or too old. */
export async function useUserCode({ store, now }: Deps, typed: string): Promise<string | null> {
  const hash = await hashUserCode(typed.toUpperCase().replaceAll(/[^A-Z]/gu, ""));
  const record = await findRecord(store.db, hash);
  if (record === null || record.expiresAt <= now() || !(await consumeRecord(store.db, hash, now()))) return null;
  return pointerSchema.parse(record.payload).deviceCode;
}

/** null when it is too old. */
export async function findDeviceRequest({ store, now }: Deps, recordHash: string): Promise<DeviceRequest | null> {
  const record = await findRecord(store.db, recordHash);
  if (record === null) return null;
  const request = requestSchema.parse(record.payload);
  return request.endsAt <= now() ? null : { ...request, record };
}

/** What the device hears when it asks the next time. False when that was decided already. */
export function settleDeviceRequest(
  { store }: Deps,
  { record }: DeviceRequest,
  outcome: { accountId: string; grantId: string; scope: string; resource: string } | "denied",
): Promise<boolean> {
  if ("grantId" in record.payload || "error" in record.payload) return Promise.resolve(false);
  const told =
    outcome === "denied" ? { error: "access_denied", errorDescription: "the person said no" } : { ...outcome };
  return replaceRecord(store.db, record, { ...record.payload, ...told });
}
