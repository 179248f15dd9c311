/** The month of a time in UTC, as usage is kept by: `2026-11`. */
export const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

/** When the next month begins in UTC. Milliseconds since the epoch. */
export function nextMonthAt(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
