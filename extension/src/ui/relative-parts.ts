const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

export type RelativeParts = { value: number; unit: Intl.RelativeTimeFormatUnit };

/** The largest unit that fits, rounded towards now; under a minute it is "now". Past times are negative. */
export function relativeParts(at: number, now: number): RelativeParts {
  const difference = at - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(difference) >= length) return { value: Math.trunc(difference / length), unit };
  }
  return { value: 0, unit: "second" };
}
