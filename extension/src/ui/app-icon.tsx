import { cn } from "./cn.ts";

const TILES = { sm: "size-5 rounded-sm text-2xs", md: "size-8 rounded-md text-base", lg: "size-11 rounded-lg text-xl" };

/** The app's first letter on a hue that its address always gives. Decorative: the name stands beside it. */
export function AppIcon({ name, url, size = "md" }: { name: string; url: string; size?: keyof typeof TILES }) {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? "?";
  return (
    <span
      aria-hidden
      className={cn("inline-grid shrink-0 place-items-center font-semibold text-on-accent select-none", TILES[size])}
      style={{ background: `oklch(0.5 0.1 ${stableHue(url)})` }}
    >
      {letter.toUpperCase()}
    </span>
  );
}

/** FNV-1a over the text, as a hue; golden-angle steps keep neighbours apart. */
export function stableHue(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0;
  return Math.round((hash * 137.508) % 360);
}
