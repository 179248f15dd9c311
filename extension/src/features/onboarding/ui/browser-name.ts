/** A name to start with for this browser, e.g. "Chrome on Linux". */
export function browserName(userAgent: string): string {
  const browser = /Edg\//u.test(userAgent) ? "Edge" : /Firefox\//u.test(userAgent) ? "Firefox" : "Chrome";
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Windows/u, "Windows"],
  [/Macintosh|Mac OS/u, "macOS"],
  [/CrOS/u, "ChromeOS"],
  [/Android/u, "Android"],
  [/Linux/u, "Linux"],
];
