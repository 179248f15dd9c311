/** Letters of other alphabets that look like Latin ones, in the fonts people have. */
const LOOKALIKES = /^[аеорсухіјѕһԁԛԝԍһӏгАВЕКМНОРСТУХІЈЅԚԜӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινυρϲϳ\P{L}]+$/u;
/** Alphabets in which a letter can be taken for one of another. */
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
/** Combining marks in a row beyond which text climbs over its neighbours. */
const MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * Text of a stranger as one harmless line: nothing that turns, hides, breaks or stacks, and at most `max`
 * characters. Fullwidth and ornamental letters become plain ones. Doing it twice changes nothing more.
 */
export function plainText(text: string, max: number): string {
  const line = text
    // Bounds the work; whatever is beyond would be cut off anyway.
    .slice(0, max * 16)
    .replaceAll(/[\s\p{Z}\p{Cc}]+/gu, " ")
    .replaceAll(/\p{C}/gu, "")
    .normalize("NFKC")
    .replaceAll(MARKS, "$1")
    .replaceAll(/ {2,}/gu, " ")
    .trim();
  return cut(line, max);
}

/** True when a name mixes alphabets, or is made of letters that only look Latin: it may imitate another name. */
export function mayImitate(name: string): boolean {
  const used = ALPHABETS.filter((alphabet) => alphabet.test(name)).length;
  if (used > 1) return true;
  return used === 1 && !/\p{Script=Latin}/u.test(name) && LOOKALIKES.test(name);
}

/** Cuts between what people see as characters. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
