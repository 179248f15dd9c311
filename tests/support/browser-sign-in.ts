import type { BrowserContext, Page } from "playwright-core";

const STEP_MS = 15_000;

export type BrowserPerson = {
  /** The persona to choose where the address names none. */
  persona?: string;
  decide?: "Allow" | "Deny";
  /** Looks at each page before it is answered. */
  see?: (page: Page, name: "sign-in" | "persona" | "consent") => Promise<void>;
};

/**
 * Opens an authorize URL in the extension's browser as an AI client does, goes on with the account of this browser,
 * decides, and answers the address that the browser was sent to.
 */
export async function signInByExtension(
  context: BrowserContext,
  authorizeUrl: string,
  person: BrowserPerson = {},
): Promise<URL> {
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  try {
    await page.goto(authorizeUrl);
    await continueHere(page, person);
    return await decide(page, person);
  } finally {
    await page.close();
  }
}

/** From the sign-in page to the consent page, by the extension of this browser. */
export async function continueHere(page: Page, person: BrowserPerson = {}): Promise<void> {
  const go = page.getByRole("button", { name: /^Continue as /u });
  await go.waitFor();
  await person.see?.(page, "sign-in");
  await go.click();
  if (person.persona !== undefined) {
    const choice = page.getByRole("button", { name: new RegExp(`^${person.persona}\\b`, "u") });
    await choice.waitFor();
    await person.see?.(page, "persona");
    await choice.click();
  }
  await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
}

/** On the consent page. */
export async function decide(page: Page, person: BrowserPerson = {}): Promise<URL> {
  await person.see?.(page, "consent");
  const left = leaving(page);
  await page.getByRole("button", { name: person.decide ?? "Allow", exact: true }).click({ noWaitAfter: true });
  const url = await left;
  // The page of a client on this computer is loaded before this one is closed under it.
  if (url.protocol === "http:") await page.waitForURL((now) => now.host === url.host);
  return url;
}

/** The first redirect away from the page's origin; a private scheme is never loaded, so the answer itself is read. */
async function leaving(page: Page): Promise<URL> {
  const { origin } = new URL(page.url());
  const response = await page.waitForResponse((answer) => {
    const location = answer.headers()["location"];
    return location !== undefined && new URL(location, answer.url()).origin !== origin;
  });
  return new URL(response.headers()["location"] ?? "", response.url());
}
