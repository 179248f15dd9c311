import { AppError } from "@agent-personas/shared/errors/app-error";

/**
 * Wrong zones and drift stay below. A token signed for a farther time could be kept by whoever held the relay for an
 * hour, and used long after it was taken back.
 */
const LARGEST_MS = 24 * 60 * 60_000;

/** The relay's clock minus ours, in ms. @throws AppError `clock` when they are more than a day apart. */
export function clockOffsetOf(serverTime: number, now: number): number {
  const offset = serverTime - now;
  if (Math.abs(offset) > LARGEST_MS) throw new AppError("clock");
  return offset;
}
