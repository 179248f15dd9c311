import { cn } from "./cn.ts";

const TILES = { sm: "size-5 rounded-sm text-2xs", md: "size-8 rounded-md text-base", lg: "size-11 rounded-lg text-xl" };

/** The app's first letter on a hue that its address always gives. Decorative: the name stands beside it. */
export function AppIcon({ name, url, size = "md" }: { name: string; url: string; size?: keyof typeof TILES }) {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? "?";
  return (
    <span
      aria-hidden
      className={cn("inline-grid shrink-0 place-items-center font-semibold text-on-accent select-none", TILES[size])}
      style={{ background: `oklch(0.52 0.12 ${stableHue(url)})` }}
    >
      {letter.toUpperCase()}
    </span>
  );
}

/** Hues that stay clear of mud at the tiles' lightness. */
const HUES = [10, 35, 145, 185, 220, 250, 280, 310, 345];

/** FNV-1a over the text picks a hue. */
function stableHue(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0;
  return HUES[(hash >>> 8) % HUES.length] ?? 0;
}
