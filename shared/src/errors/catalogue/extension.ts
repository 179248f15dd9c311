import { appInside, appName, entry, type Entry } from "./entry.ts";

/** The extension's own faults. */
export const EXTENSION_ERRORS = {
  relay_unreachable: entry(
    502,
    "The relay does not answer",
    ({ host }) => `The relay${host === undefined ? "" : ` at ${host}`} does not answer.`,
    "Check the address and that the relay is running.",
  ),
  relay_insecure: entry(
    400,
    "The relay's address is not secure",
    "A relay must be reached over https; plain http works on this computer only.",
    "Use the https address of the relay.",
  ),
  not_paired: entry(409, "Not paired yet", "This extension is not paired with a relay.", "Pair it first."),
  already_paired: entry(
    409,
    "Already paired",
    "This extension is already paired with a relay.",
    "Unpair it in Settings first.",
  ),
  app_not_found: entry(404, "The app is not known", "There is no such app.", "Reload the list."),
  app_exists: entry(
    409,
    "The app is already there",
    ({ app: name }) => `${name ?? "This app"} is already in the list.`,
    "Open it in Apps.",
  ),
  app_url_forbidden: entry(
    400,
    "The address is not allowed",
    ({ reason }) => reason ?? "This address cannot be used for an app.",
    "Use the https address of the app's MCP server.",
  ),
  app_in_use: entry(
    409,
    "The app is in use",
    ({ personas }) => `These personas use the app: ${personas ?? "some"}.`,
    "Take it out of them first.",
  ),
  connect_denied: entry(
    403,
    "Access was denied",
    (detail) => `${appName(detail)} reports that access was denied.`,
    "Connect again and allow access.",
  ),
  connect_redirect_refused: entry(
    400,
    "The redirect address was refused",
    ({ uri }) => `The app does not accept this extension's redirect address ${uri ?? ""}.`,
    "Add the address to the app's OAuth client and enter its client id.",
  ),
  connect_client_rejected: entry(
    400,
    "The app does not know this client",
    (detail) => `${appName(detail)} does not let this extension register itself.`,
    "Create an OAuth client at the app and enter its client id.",
  ),
  connect_client_refused: entry(
    400,
    "The client was refused",
    (detail) => `${appName(detail)} does not accept this client, or not for this way to sign in.`,
    "Check the client ID, its secret or key, and what the client may do there.",
  ),
  connect_server_changed: entry(
    409,
    "The app has another authorization server",
    (detail) =>
      `${appName(detail)} now names ${detail["server"] ?? "another authorization server"}, to which this client does not belong.`,
    "Enter the client again if that is right; nothing was sent there.",
  ),
  connect_superseded: entry(
    409,
    "The account was changed meanwhile",
    (detail) => `While it signed in, the account of ${appInside(detail)} was changed or removed.`,
    "Look at how it is connected now, and connect it again if need be.",
  ),
  connect_other_person: entry(
    409,
    "Somebody else is signed in",
    ({ provider, app: name }) =>
      `At ${provider ?? "the identity provider"} another person is signed in than the one whose account of ${name ?? "the app"} this is.`,
    "Sign in there as that person, or disconnect the account and connect it for the other.",
  ),
  connect_provider_refused: entry(
    403,
    "Your organisation did not allow it",
    ({ provider, app: name }) => `${provider ?? "The identity provider"} does not let you use ${name ?? "this app"}.`,
    "Ask whoever manages your organisation's apps to allow it.",
  ),
  client_key_invalid: entry(
    400,
    "The private key cannot be used",
    ({ reason }) => reason ?? "This is not a private key.",
    "Enter a private key in PEM (PKCS #8) or as a JWK.",
  ),
  provider_url_forbidden: entry(
    400,
    "The identity provider's address is not allowed",
    ({ reason }) => reason ?? "This address cannot be used for an identity provider.",
    "Enter its issuer address; it begins with https.",
  ),
  connect_scope_missing: entry(
    403,
    "A permission of the app is missing",
    ({ scopes }) => `The app did not grant: ${scopes ?? "what was asked"}.`,
    "Connect again and allow everything asked.",
  ),
  connect_unreachable: entry(
    502,
    "The app does not answer",
    (detail) => `${appName(detail)} does not answer${detail["reason"] === undefined ? "" : `: ${detail["reason"]}`}.`,
    "Check the address and that it is running.",
  ),
  connect_not_mcp: entry(
    502,
    "This is not an MCP server",
    (detail) =>
      `${appName(detail)} answers, but not as an MCP server${detail["reason"] === undefined ? "" : `: ${detail["reason"]}`}.`,
    "Check the path of the address; many end in /mcp.",
  ),
  connect_timeout: entry(504, "The sign-in took too long", "The sign-in was not finished in time.", "Connect again."),
  connect_permission: entry(
    403,
    "The browser's permission is missing",
    ({ origins }) => `The extension may not reach ${origins ?? "the app"}.`,
    "Choose Allow access.",
  ),
  connect_failed: entry(
    502,
    "The sign-in failed",
    (detail) =>
      `The sign-in at ${appInside(detail)} failed${detail["reason"] === undefined ? "." : `: ${detail["reason"]}.`}`,
    "Try again; if it stays, tell whoever runs it.",
  ),
  header_invalid: entry(
    400,
    "The header is not valid",
    ({ header }) => `${header ?? "This header"} cannot be used.`,
    "Check its name and value.",
  ),
  stored_data_unreadable: entry(
    500,
    "Stored data cannot be read",
    "Something stored by this extension cannot be read.",
    "Export what you can, then reset the extension in Settings.",
  ),
} as const satisfies Record<string, Entry>;
