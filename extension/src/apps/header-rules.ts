import { AppError } from "@agent-personas/shared/errors/app-error";

/** Headers that belong to the browser, the connection or the protocol; a credential never needs them. */
const FORBIDDEN =
  /^(?:accept.*|access-control-.*|connection|content-.*|cookie2?|date|dnt|expect|forwarded|host|keep-alive|last-event-id|mcp-.*|origin|proxy-.*|referer|sec-.*|set-cookie2?|te|trailer|transfer-encoding|upgrade|user-agent|via|x-forwarded-.*|x-http-method(?:-override)?|x-method-override|x-real-ip)$/u;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/u;
const MAX_HEADERS = 20;

/**
 * Checks the headers a person enters for an app and answers them with trimmed values.
 * @throws AppError `header_invalid` naming the header, never its value.
 */
export function checkHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers);
  if (entries.length === 0 || entries.length > MAX_HEADERS) throw refuse("A list of this length");
  const seen = new Set<string>();
  return Object.fromEntries(
    entries.map(([rawName, rawValue]) => {
      const name = rawName.trim();
      const value = rawValue.trim();
      const lower = name.toLowerCase();
      if (!TOKEN.test(name) || FORBIDDEN.test(lower) || seen.has(lower)) throw refuse(name.slice(0, 100));
      seen.add(lower);
      // Only what HTTP allows in a value and fetch can send: visible Latin-1, space and tab.
      if (!/^[\t\x20-\x7e\xa0-\xff]{1,8000}$/u.test(value)) throw refuse(name);
      return [name, value];
    }),
  );
}

const refuse = (header: string): AppError => new AppError("header_invalid", { detail: { header } });
