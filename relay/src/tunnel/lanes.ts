import { CALLS_IN_FLIGHT, CALLS_QUEUED } from "@agent-personas/shared/tunnel/messages";

/** The calls of each device: at most 64 in flight, 256 waiting their turn. A device without calls has no lane. */
export type Lanes<T> = {
  /** `full` when the device has as many calls as it takes; a queued one is answered by a later `leave`. */
  enter: (deviceId: string, entry: T) => "started" | "queued" | "full";
  /** Frees the entry's place; answers the entry that may start instead. */
  leave: (deviceId: string, entry: T) => T | null;
  /** In flight at this device. */
  of: (deviceId: string) => T[];
  /** In flight and queued at this device. */
  allOf: (deviceId: string) => T[];
  devices: () => string[];
};

export function createLanes<T>(limits = { inFlight: CALLS_IN_FLIGHT, queued: CALLS_QUEUED }): Lanes<T> {
  const lanes = new Map<string, { active: Set<T>; queue: Set<T> }>();
  return {
    enter: (deviceId, entry) => {
      const lane = lanes.get(deviceId) ?? { active: new Set<T>(), queue: new Set<T>() };
      lanes.set(deviceId, lane);
      if (lane.active.size < limits.inFlight) {
        lane.active.add(entry);
        return "started";
      }
      if (lane.queue.size >= limits.queued) return "full";
      lane.queue.add(entry);
      return "queued";
    },
    leave: (deviceId, entry) => {
      const lane = lanes.get(deviceId);
      if (lane === undefined) return null;
      const freed = lane.active.delete(entry);
      if (!freed) lane.queue.delete(entry);
      const [next] = lane.queue;
      if (freed && next !== undefined) {
        lane.queue.delete(next);
        lane.active.add(next);
        return next;
      }
      if (lane.active.size === 0 && lane.queue.size === 0) lanes.delete(deviceId);
      return null;
    },
    of: (deviceId) => [...(lanes.get(deviceId)?.active ?? [])],
    allOf: (deviceId) => {
      const lane = lanes.get(deviceId);
      return lane === undefined ? [] : [...lane.active, ...lane.queue];
    },
    devices: () => [...lanes.keys()],
  };
}
