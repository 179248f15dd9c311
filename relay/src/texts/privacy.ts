/** One row: what is held, in which form, and for how long. */
type Held = readonly [what: string, form: string, until: string];
type Holder = { title: string; lead: string; rows: readonly Held[] };

/** What each part holds and for how long; `docs/storage-schema.md` says the same to whoever reads the code. */
export const PRIVACY = {
  name: "Privacy",
  title: "What is kept where, and for how long",
  lead: "Three places take part in a call: this relay, the extension in a person's browser, and the configuration of the AI client. No stored sign-in or token of an app ever leaves the browser.",
  columns: ["What", "How", "Until"],
  passing: {
    title: "What only passes through",
    points: [
      "Arguments and results of calls cross this relay in clear text. It neither stores nor logs them. Whoever runs the relay could read them while they pass; run your own for secrets in results.",
      "Headers that a system of yours forwards to an app (passthrough) exist during that call only.",
      "Pages of this relay run no script, load nothing from elsewhere and set no cookie except those of a sign-in, which end with it.",
    ],
  },
  holders: [
    {
      title: "This relay",
      lead: "One database, kept by whoever runs this relay.",
      rows: [
        [
          "Name you gave yourself, limits you set, names and public keys of your browsers, when they were last seen",
          "clear",
          "as long as you have an account here",
        ],
        [
          "Your personas: names, addresses of apps, tool names and descriptions, rules",
          "clear, signed by your browser",
          "you delete the persona; ten versions each",
        ],
        [
          "Access keys: name, rights, last use, first and last characters",
          "SHA-256 of the secret",
          "you delete the persona",
        ],
        [
          "AI clients you allowed: their name, where they send people back to, rights, last use",
          "clear",
          "90 days after the end",
        ],
        ["Codes and refresh tokens of AI clients", "SHA-256", "one minute and 30 days"],
        [
          "Sign-ins that are not finished; with a code of another device also that device's network address",
          "clear",
          "at most an hour",
        ],
        ["Sessions of AI clients", "what the client said of itself", "30 minutes without use"],
        [
          "How many calls each person, persona and key made this month, and what they cost",
          "numbers",
          "the month ends",
        ],
        [
          "Who changed what: browsers, personas, keys, AI clients",
          "clear, without content",
          "whoever runs the relay removes it",
        ],
        [
          "One line for each request: time, kind of address, status, duration",
          "the relay's log",
          "whoever runs the relay removes it",
        ],
      ],
    },
    {
      title: "The extension",
      lead: "In the profile of your browser only. Removing the extension removes all of it.",
      rows: [
        [
          "Tokens, client secrets and header values of your apps",
          "encrypted (AES-256-GCM)",
          "you disconnect or remove the app",
        ],
        ["The browser's own key, which proves who it is to this relay", "cannot be exported", "you leave the relay"],
        ["Apps, connections, tools and personas as you approved them", "clear", "you remove them"],
        [
          "Calls that were just answered, so that none is executed twice",
          "in memory",
          "the browser closes, at the latest",
        ],
      ],
    },
    {
      title: "The AI client",
      lead: "On the computer or in the account where you use it. This relay cannot remove it, only make it useless.",
      rows: [
        ["The address of a persona", "clear", "you remove it there"],
        [
          "An access key, if you gave it one",
          "as that program keeps its settings",
          "you revoke the key, or it expires",
        ],
        [
          "Tokens of its sign-in",
          "as that program keeps them",
          "an hour, renewed for at most a year; useless at once when you revoke the client",
        ],
        [
          "What it asked and what the tools answered",
          "as that program keeps its conversations",
          "see that program's own terms",
        ],
      ],
    },
  ] satisfies readonly Holder[],
  end: {
    title: "To end it",
    points: [
      "One AI client: Revoke on the persona's Authentication tab. It is refused from the next request on.",
      "One access key: Revoke in the same place.",
      "One persona: delete it. Its keys and AI clients end with it.",
      "One browser: Settings, Devices. Everything of yours: ask whoever runs this relay.",
    ],
  },
} as const;
