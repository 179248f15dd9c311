/** How the client gets its code back: over https, to a program on this computer, or by a private scheme. */
export type RedirectKind = "https" | "loopback" | "custom";

const LENGTH = 2_000;
/** Schemes that run, read or show something instead of handing a code to a program. */
const FORBIDDEN = new Set([
  "about:",
  "blob:",
  "chrome:",
  "chrome-extension:",
  "data:",
  "edge:",
  "file:",
  "filesystem:",
  "ftp:",
  "intent:",
  "javascript:",
  "jar:",
  "mailto:",
  "moz-extension:",
  "ms-browser-extension:",
  "resource:",
  "safari-web-extension:",
  "tel:",
  "vbscript:",
  "view-source:",
  "ws:",
  "wss:",
]);
/** The loopback names that any port matches for; the same set as the protocol engine's. */
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** null when a client may not have its codes sent there: https anywhere, http on loopback, private schemes. */
export function readRedirectUri(uri: string): { kind: RedirectKind; host: string } | null {
  if (uri.length > LENGTH || hasUnsafeCharacter(uri) || uri.includes("#") || !URL.canParse(uri)) return null;
  const { protocol, hostname, host, username, password } = new URL(uri);
  if (username !== "" || password !== "" || FORBIDDEN.has(protocol)) return null;
  if (protocol === "https:") return LOOPBACK.has(hostname) ? null : { kind: "https", host };
  if (protocol === "http:") return LOOPBACK.has(hostname) ? { kind: "loopback", host: hostname } : null;
  return { kind: "custom", host: protocol };
}

/** What parsers of addresses drop, turn or disagree about. */
function hasUnsafeCharacter(uri: string): boolean {
  return /[^\u0021-\u007E]|[\\<>"]/u.test(uri);
}
