import { entry, type Entry } from "./entry.ts";

/** Sign-in of AI clients, credentials and addresses: answered as pages or as HTTP. */
export const ACCESS_ERRORS = {
  sign_in_expired: entry(
    400,
    "The sign-in is over",
    "This sign-in is over, or it was started in another browser. Nothing more was allowed.",
    "Start again from the AI client that sent you here.",
  ),

  invalid_token: entry(
    401,
    "The credential is not valid",
    ({ reason }) => reason ?? "The credential is missing or not valid.",
    ({ remedy }) =>
      remedy ??
      "Sign in again, or create a new access key on the persona's Authentication tab and put it in the Authorization header.",
  ),
  key_in_query: entry(
    400,
    "A credential was sent in the address",
    "An access key or token was sent in the query string, where logs keep it. A key is flagged as leaked.",
    "Revoke it, make a new one, and send it only in the Authorization header.",
  ),
  device_token_invalid: entry(
    401,
    "The device is not recognised",
    ({ reason }) => reason ?? "This device is not paired with this relay.",
    "Pair the extension with this relay again.",
  ),
  clock: entry(
    401,
    "The clocks differ",
    "The device's clock differs from the relay's by more than a minute.",
    "The device corrects this by itself.",
  ),
  protocol_unsupported: entry(
    426,
    "Versions do not fit",
    ({ update }) =>
      `Extension and relay speak different versions of the tunnel.`.concat(
        update === undefined ? "" : ` The ${update} is too old.`,
      ),
    ({ update }) => `Update the ${update ?? "extension or the relay"}.`,
  ),
  origin_forbidden: entry(
    403,
    "The origin is not allowed",
    ({ origin }) => `Requests from the origin ${origin ?? "given"} are not allowed.`,
    "Add it to ALLOWED_ORIGINS in the relay's settings if you trust it.",
  ),
  host_forbidden: entry(
    403,
    "The host is not this relay's",
    ({ host }) => `This relay does not answer for the host ${host ?? "given"}.`,
    "Use the address in PUBLIC_URL, or set PUBLIC_URL to the address you use.",
  ),
  not_found: entry(404, "Nothing is here", "There is nothing at this address.", "Check the address."),
  forbidden: entry(403, "Not allowed", "This is not yours to change.", "Ask its owner or an administrator."),
  method_not_allowed: entry(405, "The method is not allowed", "This address does not take that method.", "Use POST."),
  invalid_request: entry(
    400,
    "The request is not valid",
    ({ problem }) => `The request is not valid${problem === undefined ? "." : `: ${problem}.`}`,
    "Correct it and send it again.",
  ),
  payload_too_large: entry(
    413,
    "The request is too large",
    ({ cap }) => `The request body is larger than ${cap ?? "4 MiB"}.`,
    "Send less at once.",
  ),
  session_missing: entry(
    400,
    "The session id is missing",
    "This request needs an Mcp-Session-Id header.",
    "Send initialize first and repeat the id it answers.",
  ),
  session_unknown: entry(
    404,
    "The session is not known",
    "This session is not known or has expired.",
    "Send initialize again.",
  ),
  internal_error: entry(
    500,
    "Something went wrong",
    ({ requestId }) => `The relay could not do this${requestId === undefined ? "." : ` (request ${requestId}).`}`,
    "Try again; if it stays, tell whoever runs the relay the request id.",
  ),
  shutting_down: entry(503, "The relay is restarting", "The relay is restarting.", "Try again in a few seconds."),
} as const satisfies Record<string, Entry>;
