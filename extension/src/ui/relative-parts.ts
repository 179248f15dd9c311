const DAY = 86_400_000;
const UNITS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["week", 7 * DAY],
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

export type RelativeParts = { value: number; unit: Intl.RelativeTimeFormatUnit };

/**
 * The largest unit that fits, rounded towards now; under a minute it is "now". Past times are negative.
 * Times to come are counted in whole days first: what ends 90 days after a moment ago ends in 3 months, not 2.
 */
export function relativeParts(at: number, now: number): RelativeParts {
  const difference = at - now > DAY ? Math.round((at - now) / DAY) * DAY : at - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(difference) >= length) return { value: Math.trunc(difference / length), unit };
  }
  return { value: 0, unit: "second" };
}
