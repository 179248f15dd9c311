import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** name → [light, dark] */
const colours = new Map(
  [...css.matchAll(/--([\w-]+): (?:light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)|(#[\da-f]{6}));/gu)].map(
    ([, name = "", light, dark, both = ""]) => [name, [light ?? both, dark ?? both]] as const,
  ),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2 contrast of two tokens in light and in dark. */
function contrasts(front: string, back: string): number[] {
  return [0, 1].map((theme) => {
    const [darker = 0, lighter = 0] = [front, back]
      .map((name) => luminance(colours.get(name)?.[theme] ?? ""))
      .toSorted((left, right) => left - right);
    return (lighter + 0.05) / (darker + 0.05);
  });
}

const GROUNDS = ["canvas", "surface", "surface-raised", "surface-sunken", "surface-hover"];

test("text reads well on every ground, in light and dark", () => {
  for (const ink of ["ink", "ink-muted", "ink-faint", "accent-ink", "danger-ink"]) {
    for (const ground of GROUNDS) {
      for (const contrast of contrasts(ink, ground))
        expect(contrast, `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  for (const tone of ["accent", "success", "warning", "danger"]) {
    for (const contrast of contrasts(`${tone}-ink`, `${tone}-soft`)) expect(contrast, tone).toBeGreaterThanOrEqual(4.5);
  }
  for (const [ink, ground] of [
    ["on-accent", "accent"],
    ["on-accent", "accent-hover"],
    ["on-danger", "danger"],
    ["on-danger", "danger-hover"],
  ] as const) {
    for (const contrast of contrasts(ink, ground)) expect(contrast, ground).toBeGreaterThanOrEqual(4.5);
  }
});

test("frames of controls, dots and the focus ring are seen, in light and dark", () => {
  for (const mark of ["line-strong", "accent-ink", "success", "warning", "danger", "neutral"]) {
    for (const contrast of contrasts(mark, "surface")) expect(contrast, mark).toBeGreaterThanOrEqual(3);
  }
});
