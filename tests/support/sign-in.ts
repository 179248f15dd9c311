import { createCookieJar, type CookieJar } from "./cookie-jar.ts";
import { readForms, type HtmlForm } from "./html-forms.ts";

const HOPS = 12;
const WAIT_MS = 10_000;

export type SignInPage = { url: string; status: number; html: string; forms: HtmlForm[] };

/** What the person does at the relay's pages, without script and without the extension. */
export type Person = {
  /** Pasted where the page asks who it is. */
  accessKey: string;
  /** On the consent page; `Allow` unless told. */
  decide?: "Allow" | "Deny";
  /** Changes the consent form before it is sent. */
  edit?: (fields: [name: string, value: string][]) => [name: string, value: string][];
  jar?: CookieJar;
};

/**
 * Opens an authorize URL as a browser without script does, signs in with the key, decides, and answers the redirect
 * that left the relay's origin. Nothing follows it, so that it may have any scheme.
 */
export async function signIn(authorizeUrl: string, person: Person): Promise<URL> {
  const jar = person.jar ?? createCookieJar();
  let step = await walk(authorizeUrl, jar);
  for (let pages = 0; pages < 4; pages += 1) {
    if (step.left !== null) return step.left;
    step = await submit(step.page, jar, person);
  }
  throw new Error("The sign-in asks more than it should.");
}

/** Walks redirects on the relay's own origin until a page or an address elsewhere. */
export async function walk(start: string, jar: CookieJar, init?: RequestInit): Promise<Step> {
  const { origin } = new URL(start);
  let url = start;
  let request = init;
  for (let hop = 0; hop < HOPS; hop += 1) {
    const response = await jar.fetch(url, { ...request, signal: AbortSignal.timeout(WAIT_MS) });
    request = undefined;
    const location = response.headers.get("location");
    const html = await response.text();
    if (location === null) return { left: null, page: { url, status: response.status, html, forms: readForms(html) } };
    const next = new URL(location, url);
    if (next.origin !== origin) return { left: next, page: { url, status: response.status, html, forms: [] } };
    url = next.href;
  }
  throw new Error(`Too many redirects; last at ${url}.`);
}

export type Step = { left: URL | null; page: SignInPage };

/** Sends the one form of the page that goes on: the key where one is asked for, else the decision. */
function submit(page: SignInPage, jar: CookieJar, person: Person): Promise<Step> {
  if (page.forms.some(({ inputs }) => inputs.includes("key"))) {
    return sendForm(page, jar, { field: "key", values: { key: person.accessKey } });
  }
  return sendForm(page, jar, { button: person.decide ?? "Allow", edit: person.edit });
}

/** Fills and sends the form that has such a field or button, as a click on its button does. */
export function sendForm(
  page: SignInPage,
  jar: CookieJar,
  which: { field?: string; button?: string; values?: Record<string, string>; edit?: Person["edit"] | undefined },
): Promise<Step> {
  const form = page.forms.find(({ inputs, buttons }) =>
    which.field === undefined ? buttons.some(({ text }) => text === which.button) : inputs.includes(which.field),
  );
  if (form === undefined)
    throw new Error(`Nothing to go on with at ${page.url} (${page.status}): ${textOf(page.html)}`);
  const button = form.buttons.find(({ text }) => which.button === undefined || text === which.button);
  const filled = form.fields.map(([name, value]): [string, string] => [name, which.values?.[name] ?? value]);
  const body = new URLSearchParams(which.edit?.(filled) ?? filled);
  if (button?.name !== undefined && button.name !== null) body.append(button.name, button.value);
  const url = new URL(form.action, page.url);
  return walk(url.href, jar, {
    method: "POST",
    body,
    headers: { origin: url.origin, "sec-fetch-site": "same-origin" },
  });
}

/** What a person reads on a page. */
export const textOf = (html: string): string =>
  html
    .replaceAll(/<(style|script)\b[\s\S]*?<\/\1>/giu, " ")
    .replaceAll(/<[^>]+>/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
