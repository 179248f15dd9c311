/** Groups of the catalogue, in the order in which the help page shows them. */
export type HelpGroup = "calls" | "access" | "pairing" | "extension";

export const HELP = {
  name: "Help",
  title: "What to do when something does not work",
  lead: "Each fault has a code. Your AI client or the extension shows it together with a link to its place on this page.",
  contents: "All codes",
  whatToDo: "What to do:",
  status: (status: number) => `HTTP ${status}`,
  groups: {
    calls: {
      title: "When an AI client calls a tool",
      lead: "Answered as the result of the call with isError, so that the model reads it; a missing scope as HTTP 403, so that the client asks a person. The text says whether anything was executed.",
    },
    access: {
      title: "Sign-in, access keys and addresses",
      lead: "Answered before any call: as a page to a person, as HTTP with a JSON body to a program.",
    },
    pairing: {
      title: "Browsers, personas and keys",
      lead: "Shown by the extension, or by a page of this relay, when it asks the relay for something.",
    },
    extension: {
      title: "Inside the extension",
      lead: "Shown by the extension about your apps and this browser. This relay is not involved.",
    },
  } satisfies Record<HelpGroup, { title: string; lead: string }>,
  integrators: {
    title: "For whoever writes a client",
    points: [
      "Codes are stable, texts are not: decide by the code.",
      "A tool call that fails on its way is a result with isError. Its text ends with the address of the code on this page.",
      "Refusals at an MCP endpoint are HTTP errors whose body is a JSON-RPC error; error.data.code holds the code.",
      'Refusals of the REST API have the body {"error":{"code","message","next","help","requestId","detail"}}.',
      "401 and 403 carry WWW-Authenticate, which says where to sign in and which scopes are missing. Ask a person again only then.",
      "429 and 503 carry Retry-After in seconds. Only repeat a call whose text says that nothing was executed.",
    ],
  },
} as const;
