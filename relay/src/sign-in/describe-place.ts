/** In order: several name others' names too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\//u, "Edge"],
  [/\bOPR\//u, "Opera"],
  [/\bFirefox\//u, "Firefox"],
  [/\bChrome\//u, "Chrome"],
  [/\bSafari\//u, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\bAndroid\b/u, "Android"],
  [/\biPhone\b|\biPad\b/u, "iOS"],
  [/\bWindows\b/u, "Windows"],
  [/\bMac OS X\b/u, "macOS"],
  [/\bCrOS\b/u, "ChromeOS"],
  [/\bLinux\b/u, "Linux"],
];

/** Where a page is open, as far as the relay can tell. Only known words of the header are repeated. */
export function describePlace(request: { ip: string; userAgent: string | undefined }): string {
  const agent = request.userAgent ?? "";
  const browser = BROWSERS.find(([form]) => form.test(agent))?.[1] ?? "A browser";
  const system = SYSTEMS.find(([form]) => form.test(agent))?.[1];
  return `${browser}${system === undefined ? "" : ` on ${system}`} at ${request.ip.slice(0, 64)}`;
}
