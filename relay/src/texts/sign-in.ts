import type { Scope } from "@agent-personas/shared/persona/scope";
import type { Notice } from "../sign-in/progress.ts";

/** Every text of the sign-in pages, in English. */
export const TEXTS = {
  unnamedClient: "An AI client without a name",
  thisComputer: "a program on this computer",

  client: "AI client",
  returnsTo: "Sends you back to",
  nameNote: "The client chose this name itself.",
  loopbackNote:
    "Any program on this computer can ask like this. Go on only if you have just started the connection yourself.",
  customNote: (scheme: string) =>
    `Whichever program opens ${scheme} links on this computer gets the access. Go on only if you have just started the connection yourself.`,
  imitates: "This name is written with letters that look like others. It may imitate another client.",

  identifyTitle: (client: string) => `Sign in to connect “${client}”`,
  identifyLead: "It asks to use the tools of one of your personas. You choose what it may do on the next page.",
  waysLabel: "Ways to sign in",
  extensionTitle: "With this browser",
  continueAs: "Continue as",
  extensionMissing:
    "If the Agent Personas extension is set up in this browser, a button appears here. It needs JavaScript on this page.",
  codeTitle: "With a code from another browser",
  codeHint: "Where Agent Personas is set up, open the extension, choose “Sign in elsewhere” and type its code here.",
  codeLabel: "Code",
  codePlaceholder: "ABCD-1234",
  codeAction: "Continue with the code",
  keyTitle: "With an access key",
  keyHint:
    "For clients that take nothing else. The connection can do what the key can, and ends when the key does. Nobody stays signed in.",
  keyLabel: "Access key",
  keyAction: "Continue with the key",
  goOn: "Continue",
  cancel: "Cancel",

  waitingTitle: "Allow it in your other browser",
  waitingLead:
    "The browser that made the code now shows this request. Look at it there and choose Allow, then Continue here. This page also asks again by itself.",
  waitingStatus: "Waiting for your other browser…",
  startOver: "Start over",

  deviceTitle: "Connect another device",
  deviceLead: "Type the code that the program on your other device shows.",
  deviceStranger:
    "Type only a code that you see on a device of your own, from a program you have just started. Whoever sends you a code by message, mail or phone wants to get into your apps.",
  deviceLabel: "Code from the device",
  devicePlaceholder: "BCDF-GHJK",
  deviceHint: "It is valid for five minutes and can be typed once. You decide on the next pages what it may do.",
  deviceNotices: {
    wrong: "This code is wrong, used, or older than five minutes. Let the device show a new one and type it here.",
    too_many: "Too many wrong codes. Wait five minutes, let the device show a new code and try again.",
  },
  deviceAskedFrom: "Asks from",
  deviceAt: (address: string) => `another device, at ${address}`,
  deviceNote:
    "You typed the code of this device. Go on only if it is in front of you: whoever gave you the code gets the access.",
  deviceAllowedTitle: "Allowed",
  deviceAllowed: "The other device goes on by itself within a few seconds. You can close this page.",
  deviceDeniedTitle: "Not allowed",
  deviceDenied: "The other device was told that you said no. You can close this page.",

  personaTitle: (client: string) => `Which persona may “${client}” use?`,
  personaLead: "It gets the tools of the one you choose, and of no other.",
  tools: (count: number) => (count === 1 ? "1 tool" : `${count} tools`),

  consentTitle: (client: string) => `Allow “${client}” to use your tools?`,
  account: "Account",
  keyAccount: (name: string, hint: string) => `Access key “${name}” (${hint})`,
  viaDevice: (device: string) => `signed in with ${device}`,
  otherAccount: "Not you?",
  otherKey: "Sign in differently",
  persona: "Persona",
  otherPersona: "Change",
  paused: "Paused",
  scopesLegend: "What it may do",
  scopeLabels: {
    read: "Read",
    write: "Write",
    destructive: "Delete and overwrite",
  } satisfies Record<Scope, string>,
  scopeHints: {
    read: "Look things up without changing anything.",
    write: "Create and change things in your apps.",
    destructive: "Remove things for good. Only for jobs that need it.",
  } satisfies Record<Scope, string>,
  scopeNeeded: "Asked for anew: a call has just failed without it.",
  noTools: "This persona has no such tool now.",
  toolsLegend: "Which tools",
  live: "All tools of the ticked kinds",
  liveHint: "Also those you add to the persona later.",
  frozen: "Only chosen tools",
  frozenHint: "Tick them in the lists above. Later ones need a new sign-in.",
  keyTools: "The key is limited to these tools; tools added later stay out.",
  keyEnds: "This connection ends when the key is revoked, disabled or expires.",
  revocable: "You can end this at any time on the persona's Authentication tab.",
  allow: "Allow",
  deny: "Deny",
  noPersona: "You have no persona that AI clients can sign in to.",
  noPersonaNext:
    "Open the extension, edit a persona and tick Interactive login under Inbound Authentication. Then reload this page.",
} as const;

export const NOTICES: Readonly<Record<Notice, string>> = {
  extension_refused: "The extension's answer was not accepted. Reload this page and try again.",
  clock: "This browser's clock differs from the relay's by more than a minute. Reload this page and try again.",
  code_wrong: "This code is wrong, used, or older than two minutes. Make a new one and type it here.",
  code_too_many: "Too many wrong codes. Wait two minutes, make a new code and try again.",
  code_busy: "Too many sign-ins wait for that browser. Answer them there, make a new code and try again.",
  code_over: "It was not allowed in the other browser. If that was not meant, make a new code and try again.",
  key_wrong: "This access key does not work here. Copy the whole key, or make a new one.",
  key_too_many: "Too many wrong access keys. Wait a minute and try again.",
  key_other_persona:
    "This access key does not open what the client asks for. Use a key of that persona, if it lets AI clients sign in.",
  key_no_scope: "This access key may do nothing of what the client asks for. Use another key.",
  not_yours: "The address that the client uses is not one of your personas, or does not let AI clients sign in.",
  gone: "The browser or key you signed in with was removed. Sign in again.",
  nothing_chosen: "Choose at least one kind of access, and at least one tool.",
};
