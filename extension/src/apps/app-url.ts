import { AppError } from "@agent-personas/shared/errors/app-error";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";

/**
 * The normalised address of an app's MCP endpoint.
 * @throws AppError `app_url_forbidden` with the reason.
 */
export function checkAppUrl(text: string): string {
  const trimmed = text.trim();
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (url.username !== "" || url.password !== "") {
    throw forbidden("The address must not hold a user name or password; enter credentials after adding the app.");
  }
  if (url.protocol === "http:" && !isLocal(url)) {
    throw forbidden("Plain http works only for servers on this computer or in your own network; use https.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw forbidden("Only https addresses can be used.");
  if (trimmed.includes("#")) throw forbidden("The address must not hold a fragment (#).");
  return url.href;
}

/**
 * Checks a URL that an app or its authorization server names. Such URLs are hostile: https unless the app
 * itself is local, and a public app may not lead this browser into its own network.
 * @throws AppError `connect_failed` with the reason.
 */
export function checkDiscoveredUrl(appUrl: string, discovered: string): URL {
  const app = new URL(appUrl);
  const url = URL.canParse(discovered) ? new URL(discovered) : null;
  const refuse = (reason: string): AppError => new AppError("connect_failed", { detail: { app: app.host, reason } });
  if (url === null) throw refuse("it names an address that is none");
  if (url.username !== "" || url.password !== "") throw refuse("it names an address that holds a password");
  if (isLocal(app)) {
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal(url))) {
      throw refuse(`it names the insecure address ${url.origin}`);
    }
    // A server of the network must not reach what listens for this computer alone.
    if (isLoopback(url) && !isLoopback(app)) throw refuse(`it names an address of this computer (${url.host})`);
    return url;
  }
  if (url.protocol !== "https:") throw refuse(`it names the insecure address ${url.origin}`);
  if (isLocal(url)) throw refuse(`it names an address in your own network (${url.host})`);
  return url;
}

/** On this computer, in a private network, or of a name that only a private network resolves. */
const isLocal = (url: URL): boolean => classifyHost(url.hostname) !== "public";

const isLoopback = (url: URL): boolean => classifyHost(url.hostname) === "loopback";

function parse(text: string): URL {
  if (!URL.canParse(text)) throw forbidden("This is not an address. It looks like https://mcp.example.com/mcp.");
  return new URL(text);
}

const forbidden = (reason: string): AppError => new AppError("app_url_forbidden", { detail: { reason } });
