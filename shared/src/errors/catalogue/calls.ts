import { appInside, appName, entry, type Entry, NOTHING } from "./entry.ts";

/** Calls: answered as tool results with isError. */
export const CALL_ERRORS = {
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
      `Downstream endpoint not available: ${appInside(detail)}${detail["reason"] === undefined ? "" : ` (${detail["reason"]})`}.${detail["sent"] === undefined ? "" : " It may have happened."}`,
    ({ sent }) =>
      sent === undefined
        ? "Check that the app is running and reachable from the owner's browser, then try again."
        : "Check the result in the app before you try again.",
  ),
  app_timeout: entry(
    504,
    "The app took too long",
    (detail) =>
      `${appName(detail)} did not answer before the deadline, and the call was aborted. It may have happened.`,
    "Check the result in the app before you try again.",
  ),
  app_error: entry(
    502,
    "The app answered with an error",
    (detail) =>
      `${appName(detail)} answered with an error${detail["reason"] === undefined ? "" : `: ${detail["reason"]}`}.`,
    "Correct the arguments, or ask whoever runs the app.",
  ),
  app_needs_sign_in: entry(
    502,
    "The app needs a sign-in",
    (detail) => `${appName(detail)} needs its owner to sign in again. ${NOTHING}`,
    "Open the extension, choose Apps, then Re-authenticate.",
  ),
  app_refused_caller: entry(
    403,
    "The app refused the caller",
    (detail) => `${appName(detail)} did not accept the credential that this call brought along. ${NOTHING}`,
    "Send a valid credential of the app in the headers that the persona forwards.",
  ),
  app_not_bound: entry(
    502,
    "No connection serves this app",
    (detail) => `${appName(detail)} is not connected in this browser. ${NOTHING}`,
    "Open the persona in the extension and connect the app.",
  ),
  tool_changed: entry(
    409,
    "The tool's definition changed",
    ({ tool, removed }) =>
      removed === undefined
        ? `${tool ?? "The tool"} is no longer the tool that was approved. ${NOTHING}`
        : `The app no longer lists the tool ${tool ?? "that was approved"}. ${NOTHING}`,
    ({ removed }) =>
      removed === undefined
        ? "Review the change in the extension."
        : "Use another tool, or ask the persona's owner to take it out.",
  ),
  tool_not_in_persona: entry(
    404,
    "The tool is not in this persona",
    ({ tool, why, nearest }) =>
      [
        `There is no tool ${tool ?? "of that name"} in this persona for this caller.`,
        ...(why === undefined ? [] : [why]),
        ...(nearest === undefined || nearest === "" ? [] : [`Nearest names: ${nearest}.`]),
      ].join(" "),
    ({ remedy }) => remedy ?? "List the tools again.",
  ),
  resource_not_in_persona: entry(
    404,
    "The resource is not in this persona",
    ({ uri }) => `There is no resource ${uri ?? "at that address"} in this persona.`,
    "List the resources again.",
  ),
  prompt_not_in_persona: entry(
    404,
    "The prompt is not in this persona",
    ({ prompt }) => `There is no prompt ${prompt ?? "of that name"} in this persona.`,
    "List the prompts again.",
  ),
  definition_changed: entry(
    409,
    "The definition changed",
    ({ what }) => `${what ?? "This"} is no longer what was approved. ${NOTHING}`,
    "Review the change in the extension.",
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
    // What needs no `go` may have run before the browser could say that it took the call.
    ({ sent }) =>
      sent === undefined
        ? `The call did not reach the owner's browser. ${NOTHING}`
        : "The owner's browser did not confirm the call. If anything was executed, repeating it does no harm.",
    "It is safe to try again.",
  ),
  call_cancelled: entry(
    499,
    "The call was cancelled",
    ({ started }) => `The call was cancelled by its caller.${started === undefined ? "" : " It may have happened."}`,
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
  budget_exceeded: entry(
    402,
    "The monthly budget is used up",
    ({ whose, limit }) =>
      `The monthly budget of ${whose ?? "this caller"} is used up${limit === undefined ? "" : ` (${limit})`}. ${NOTHING}`,
    ({ resets }) =>
      `Wait until it starts again${resets === undefined ? "" : ` on ${resets}`}, or ask the owner to raise it in Settings, Limits, as far as the relay allows.`,
  ),
  result_too_large: entry(
    502,
    "The result is too large",
    ({ cap }) => `The app's answer is larger than ${cap ?? "the cap"}.`,
    "Ask for less: narrow the query or use the tool's paging.",
  ),
  handle_unknown: entry(
    404,
    "Nothing is kept under this handle",
    "Nothing is kept under this handle. Results are kept for 24 hours, in the browser that made the call, for the caller that made it.",
    "Use the handle exactly as it was given. If the browser that made the call is closed, open it.",
  ),
  insufficient_scope: entry(
    403,
    "A scope is missing",
    ({ scopes }) => `This needs the scopes: ${scopes ?? "more than were granted"}. ${NOTHING}`,
    ({ remedy }) => remedy ?? "Sign in again and allow them, or use an access key with these scopes.",
  ),
} as const satisfies Record<string, Entry>;
