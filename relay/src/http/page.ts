import { createHash } from "node:crypto";
import type { Config } from "../config.ts";
import { PAGES } from "../texts/pages.ts";
import { STYLE } from "./page-style.ts";

/** HTML that is already safe to write; made by `html` only. */
export type Html = { html: string };

/** A template whose values are escaped, unless they are `Html` themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const parts = strings.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : text + write(value);
  });
  return { html: parts.join("") };
}

/** Which relay a page is of, and who answers questions about it. */
export type Site = { host: string; contact: string | null };

export const siteOf = ({ publicUrl, supportContact }: Pick<Config, "publicUrl" | "supportContact">): Site => ({
  host: new URL(publicUrl).host,
  contact: supportContact,
});

type Page = {
  /** What the tab is called. */
  name: string;
  body: Html;
  /** What stands in `main` is a form or the answer to one, not text to read. */
  narrow?: boolean;
};

/** A whole page in the relay's plain style, light and dark. It runs no script and loads nothing. */
export function renderPage(site: Site, { name, body, narrow = false }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${narrow ? FORM_REFERRER : NOTHING}
        <title>${name} · ${PAGES.product}</title>
        ${STYLE_ELEMENT}
      </head>
      <body class="${narrow ? "narrow" : "wide"}">
        <header class="brand"><a href="/">${MARK} ${PAGES.product}</a> <span class="host">${site.host}</span></header>
        <main>${body}</main>
        ${renderFooter(site)}
      </body>
    </html> `.html.trimStart();
}

function renderFooter({ contact }: Site): Html {
  const questions = contact === null ? NOTHING : html`<span>${PAGES.questions} ${renderContact(contact)}</span>`;
  return html`<footer aria-label="${PAGES.footer}">
    <a href="/help">${PAGES.help}</a> <a href="/privacy">${PAGES.privacy}</a> ${questions}
  </footer>`;
}

/** An address of the web or of a mailbox leads there; anything else is text. */
function renderContact(contact: string): Html {
  const web = /^https?:$/u.test(URL.parse(contact)?.protocol ?? "");
  const mail = /^[^\s@<>"?&]+@[^\s@<>"?&]+$/u.test(contact);
  if (!web && !mail) return html`${contact}`;
  return html`<a href="${web ? contact : `mailto:${contact}`}">${contact}</a>`;
}

const NOTHING: Html = { html: "" };

/** Browsers send `Origin: null` with forms of pages that name no referrer; it never goes to another origin. */
const FORM_REFERRER: Html = { html: '<meta name="referrer" content="same-origin">' };

const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

const MARK: Html = {
  html: '<svg viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" fill="#5157e0"/><circle cx="12" cy="9" r="3.5" fill="#fff"/><path d="M5 19c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5z" fill="#fff"/></svg>',
};

/** For the content security policy: only this style is applied. */
export const styleHash = (): string => createHash("sha256").update(STYLE).digest("base64");

function write(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escape(value);
  return "html" in value ? value.html : value.map((part) => part.html).join("\n");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
