/** Facts an error's text may use; each value is plain text for people, never a secret. */
export type ErrorDetail = Readonly<Record<string, string>>;

type Entry = {
  /** HTTP status where the fault is answered as HTTP; tool calls carry the text as an isError result. */
  status: number;
  title: string;
  text: (detail: ErrorDetail) => string;
  /** What the reader does next: one imperative sentence. */
  next: (detail: ErrorDetail) => string;
};

const entry = (
  status: number,
  title: string,
  text: string | ((detail: ErrorDetail) => string),
  next: string | ((detail: ErrorDetail) => string),
): Entry => ({
  status,
  title,
  text: typeof text === "string" ? () => text : text,
  next: typeof next === "string" ? () => next : next,
});

const app = (detail: ErrorDetail): string => detail["app"] ?? "The app";
const NOTHING = "Nothing was executed.";

/** The closed catalogue of faults. The relay serves it at `/help#<code>`. */
export const ERRORS = {
  // Calls: answered as tool results with isError.
  owner_offline: entry(
    503,
    "The owner's browser is offline",
    ({ since }) =>
      `The browser that executes this persona's calls is offline${since === undefined ? "" : ` since ${since}`}. ${NOTHING}`,
    "Open the browser with the Agent Personas extension, then try again.",
  ),
  owner_locked: entry(503, "The vault is locked", `The owner's vault is locked. ${NOTHING}`, "Unlock the extension."),
  app_unreachable: entry(
    502,
    "The app does not answer",
    (detail) =>
      `Downstream endpoint not available: ${app(detail)}${detail["reason"] === undefined ? "" : ` (${detail["reason"]})`}.`,
    "Check that the app is running and reachable from the owner's browser, then try again.",
  ),
  app_timeout: entry(
    504,
    "The app took too long",
    (detail) => `${app(detail)} did not answer before the deadline, and the call was aborted. It may have happened.`,
    "Check the result in the app before you try again.",
  ),
  app_needs_sign_in: entry(
    502,
    "The app needs a sign-in",
    (detail) => `${app(detail)} needs its owner to sign in again. ${NOTHING}`,
    "Open the extension, choose Apps, then Re-authenticate.",
  ),
  app_not_bound: entry(
    502,
    "No connection serves this app",
    (detail) => `${app(detail)} is not connected in this browser. ${NOTHING}`,
    "Open the persona in the extension and connect the app.",
  ),
  tool_changed: entry(
    409,
    "The tool's definition changed",
    ({ tool }) => `${tool ?? "The tool"} is no longer the tool that was approved. ${NOTHING}`,
    "Review the change in the extension.",
  ),
  tool_not_in_persona: entry(
    404,
    "The tool is not in this persona",
    ({ tool, nearest }) =>
      `There is no tool ${tool ?? "of that name"} in this persona.${nearest === undefined || nearest === "" ? "" : ` Nearest names: ${nearest}.`}`,
    "List the tools again.",
  ),
  persona_paused: entry(
    409,
    "The persona is paused",
    `This persona is paused by its owner. ${NOTHING}`,
    "Ask its owner to resume it in the extension.",
  ),
  persona_not_accepted: entry(
    409,
    "This browser has not accepted the persona",
    `The browser that would execute this call has not accepted this persona. ${NOTHING}`,
    "Open the persona in that browser and accept it.",
  ),
  tool_forbidden: entry(
    403,
    "The tool is set to never",
    ({ tool }) => `The owner set ${tool ?? "this tool"} to “never”. ${NOTHING}`,
    "Its owner can change that on the persona's Tools tab.",
  ),
  outcome_unknown: entry(
    502,
    "The outcome is not known",
    "The browser was gone after the call was sent to the app. It may have happened.",
    "Check the result in the app before you try again.",
  ),
  not_delivered: entry(
    503,
    "The call was not delivered",
    `The call did not reach the owner's browser. ${NOTHING}`,
    "It is safe to try again.",
  ),
  call_cancelled: entry(
    499,
    "The call was cancelled",
    "The call was cancelled by its caller.",
    "Call again if it is still wanted.",
  ),
  too_busy: entry(
    503,
    "Too many calls at once",
    `The owner's browser has as many calls in hand as it takes. ${NOTHING}`,
    ({ retryAfter }) => `Try again in ${retryAfter ?? "5"} seconds.`,
  ),
  rate_limited: entry(
    429,
    "Too many requests",
    "Too many requests.",
    ({ retryAfter }) => `Try again in ${retryAfter ?? "60"} seconds.`,
  ),
  result_too_large: entry(
    502,
    "The result is too large",
    ({ cap }) => `The app's answer is larger than ${cap ?? "the cap"}.`,
    "Ask for less: narrow the query or use the tool's paging.",
  ),
  insufficient_scope: entry(
    403,
    "A scope is missing",
    ({ scopes }) => `This needs the scopes: ${scopes ?? "more than were granted"}. ${NOTHING}`,
    "Sign in again and allow them, or use an access key with these scopes.",
  ),

  // Sign-in of AI clients.
  sign_in_expired: entry(
    400,
    "The sign-in is over",
    "This sign-in is over, or it was started in another browser. Nothing was allowed.",
    "Start again from the app that sent you here.",
  ),

  // Credentials and addresses: answered as HTTP.
  invalid_token: entry(
    401,
    "The credential is not valid",
    ({ reason }) => reason ?? "The credential is missing or not valid.",
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

  // Pairing and personas: answered to the extension.
  pairing_code_invalid: entry(
    403,
    "The code does not work",
    "This code is unknown, used or expired.",
    "Ask for a new code and paste it again.",
  ),
  pairing_proof_invalid: entry(
    400,
    "The device could not prove its key",
    "The pairing request was not signed by the key it names.",
    "Try to pair again.",
  ),
  pairing_link_closed: entry(
    410,
    "The link is closed",
    "This link was denied, used or has expired.",
    "Create a new link on the paired browser.",
  ),
  pairing_link_mismatch: entry(
    409,
    "The link names another browser",
    "The relay did not answer with the browser that made this link. Nothing was paired.",
    "Copy the whole link from the paired browser again; if it stays, do not trust this relay.",
  ),
  last_device: entry(
    409,
    "This is the only device",
    "This is the only device of its person.",
    "Pair another device first, or keep the recovery code at hand.",
  ),
  persona_not_found: entry(
    404,
    "The persona is not known",
    "There is no such persona.",
    "Check the address; its owner may have deleted it.",
  ),
  persona_conflict: entry(
    409,
    "The persona was changed elsewhere",
    "Another device saved this persona since you opened it.",
    "Reload it and make your change again.",
  ),
  persona_signature_invalid: entry(
    400,
    "The signature does not fit",
    "The persona is not signed by the device that sent it.",
    "Save it again from the extension.",
  ),
  grant_not_found: entry(404, "The connection is not known", "There is no such AI client.", "Reload the list."),
  sign_in_not_found: entry(
    404,
    "The sign-in is over",
    "Nothing of this kind waits for this browser.",
    "Make a new code and type it on the sign-in page.",
  ),
  form_forged: entry(
    403,
    "The form was not accepted",
    "This form was not sent by a sign-in page that this browser was given. Nothing was allowed.",
    "Go back to the sign-in, reload the page and try again.",
  ),
  key_not_found: entry(404, "The access key is not known", "There is no such access key.", "Reload the list."),

  // The extension's own faults.
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
    (detail) => `${app(detail)} reports that access was denied.`,
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
    (detail) => `${app(detail)} does not let this extension register itself.`,
    "Create an OAuth client at the app and enter its client id.",
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
    (detail) => `${app(detail)} does not answer${detail["reason"] === undefined ? "" : `: ${detail["reason"]}`}.`,
    "Check the address and that the app is running.",
  ),
  connect_not_mcp: entry(
    502,
    "This is not an MCP server",
    (detail) =>
      `${app(detail)} answers, but not as an MCP server${detail["reason"] === undefined ? "" : `: ${detail["reason"]}`}.`,
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
      `The sign-in at ${app(detail)} failed${detail["reason"] === undefined ? "." : `: ${detail["reason"]}.`}`,
    "Try again; if it stays, tell whoever runs the app.",
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

export type ErrorCode = keyof typeof ERRORS;

const codes = new Set<string>(Object.keys(ERRORS));
export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === "string" && codes.has(value);
