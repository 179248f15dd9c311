/** Texts of the relay's own pages and of what is around every page. */
export const PAGES = {
  product: "Agent Personas",
  help: "Help",
  privacy: "Privacy",
  questions: "Questions about this relay:",
  footer: "About this relay",

  landingName: "Relay",
  landingTitle: "This is an Agent Personas relay, and it is up",
  landingLead:
    "AI clients reach a person's chosen tools through this address. Every call is executed by the browser extension of that person, with connections that never leave their browser.",
  personTitle: "To build your own personas",
  personSteps: [
    "Install the Agent Personas extension in your browser.",
    "Open it and pair it with this relay. You need a set-up code, a link from a browser that is paired already, or your recovery code.",
    "Connect your apps, choose their tools, and deploy a persona. Its page shows what to paste into each AI client.",
  ],
  addressLabel: "The relay's address",
  clientTitle: "To connect an AI client",
  clientLead:
    "Use the address of a persona, which its owner finds under Connect to MCP. Clients that only know this relay's address may use that: the person then chooses the persona when signing in.",
  endpointLabel: "MCP address of the relay",

  endpointName: "MCP address",
  endpointTitle: "This address is for AI clients",
  endpointText:
    "There is nothing to see here in a browser. Add the address to an AI client as a remote MCP server; it then asks you to sign in, or takes an access key.",

  pairName: "Pair a browser",
  pairTitle: "Paste this address into the extension",
  pairLead:
    "This link pairs another browser with this relay. Open the Agent Personas extension in the browser that you want to add, choose “Pair with a link”, and paste the whole address of this page there.",
  pairOnce: "It works once and for five minutes. The browser that made it asks before anything is added.",

  faultNext: "What to do:",
  faultHelp: "What this means",
  faultRequest: (id: string) => `Request ${id}`,
  faultHome: "About this relay",
  back: "Back to the sign-in",

  problemTitle: "This sign-in cannot go on",
  problemFor: "For whoever made the client:",
  problems: {
    invalid_client:
      "The AI client that sent you here is not known to this relay. Remove the connection there and add it again.",
    invalid_redirect_uri:
      "The AI client wants its answer sent to an address that it did not register. Nothing was sent there. Connect it with an access key instead, if it takes one.",
    server_error:
      "Something failed here. Try again from the AI client; if it fails again, tell whoever runs this relay.",
    other: "The request of the AI client that sent you here is not valid, or it is too old. Start again from there.",
  },
} as const;
