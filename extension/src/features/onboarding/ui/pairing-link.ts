export type PairingTarget = {
  /** Origin of the relay, without trailing slash. */
  relayUrl: string;
  host: string;
  /** Null when the text was only an address. */
  code: string | null;
};

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** Reads a pasted `<relay>/pair#<code>` or a relay's address; null when it is neither. Sends nothing. */
export function readPairingText(text: string): PairingTarget | null {
  const trimmed = text.trim();
  if (trimmed === "" || /\s/u.test(trimmed)) return null;
  const url = parseUrl(trimmed);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") return null;
  if (url.username !== "" || url.password !== "") return null;
  const path = url.pathname.replace(/\/pair\/?$/u, "").replace(/\/$/u, "");
  const code = url.hash.slice(1);
  return { relayUrl: `${url.origin}${path}`, host: url.host, code: code === "" ? null : decodeCode(code) };
}

function parseUrl(text: string): URL | null {
  if (/^[a-z][a-z\d+.-]*:\/\//iu.test(text)) return urlOf(text);
  // A bare host is https, on this computer http.
  const host = urlOf(`http://${text}`)?.hostname ?? "";
  return urlOf(`${LOOPBACK.test(host) ? "http" : "https"}://${text}`);
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decodeCode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
