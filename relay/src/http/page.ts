import { createHash } from "node:crypto";
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

type PageOptions = {
  /** What stands in `main` is a form or the answer to one, not text to read. */
  narrow?: boolean;
  /** Beside the product's name: which relay this is. */
  host?: string;
  /** Asks the relay again after so many seconds. */
  refreshSeconds?: number;
};

/** A whole page in the relay's plain style, light and dark. It runs no script and loads nothing. */
export function renderPage(title: string, body: Html, options: PageOptions = {}): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${options.narrow === true ? FORM_REFERRER : NOTHING} ${refresh(options.refreshSeconds)}
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main class="${options.narrow === true ? "narrow" : "wide"}">
          <div class="brand">${MARK} Agent Personas ${host(options.host)}</div>
          ${body}
        </main>
      </body>
    </html> `.html.trimStart();
}

const NOTHING: Html = { html: "" };

/** Browsers send `Origin: null` with forms of pages that name no referrer; it never goes to another origin. */
const FORM_REFERRER: Html = { html: '<meta name="referrer" content="same-origin">' };

const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

const MARK: Html = {
  html: '<svg viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" fill="#5157e0"/><circle cx="12" cy="9" r="3.5" fill="#fff"/><path d="M5 19c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5z" fill="#fff"/></svg>',
};

const refresh = (seconds: number | undefined): Html =>
  seconds === undefined ? NOTHING : html`<meta http-equiv="refresh" content="${seconds.toString()}" />`;

const host = (name: string | undefined): Html =>
  name === undefined ? NOTHING : html`<span class="host">${name}</span>`;

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
