import type { Device } from "@agent-personas/shared/api/devices";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useCallback, useEffect, useState } from "react";
import { useCommand } from "../../../ui/use-command.ts";

export type Devices = {
  /** Null until the relay has answered. */
  devices: Device[] | null;
  error: AppError | null;
  reload: () => Promise<void>;
};

const ASK_EVERY = 15_000;

/** This person's devices as the relay knows them, asked again while it is reached; this browser first, then by last sight. */
export function useDevices(ownDeviceId: string, reached: boolean): Devices {
  const { run, error } = useCommand("devices.list");
  const [devices, setDevices] = useState<Device[] | null>(null);
  const load = useCallback(async () => {
    const answer = await run({});
    return answer?.devices.toSorted((left, right) => rank(right, ownDeviceId) - rank(left, ownDeviceId)) ?? null;
  }, [run, ownDeviceId]);
  const reload = useCallback(async () => {
    const answer = await load();
    if (answer) setDevices(answer);
  }, [load]);
  useEffect(() => {
    const ask = () => void load().then((answer) => answer && setDevices(answer));
    ask();
    if (!reached) return undefined;
    const timer = setInterval(() => document.visibilityState === "visible" && ask(), ASK_EVERY);
    return () => clearInterval(timer);
  }, [load, reached]);
  return { devices, error, reload };
}

const rank = (device: Device, ownDeviceId: string): number =>
  device.deviceId === ownDeviceId ? Number.POSITIVE_INFINITY : (device.lastSeenAt ?? device.createdAt);
