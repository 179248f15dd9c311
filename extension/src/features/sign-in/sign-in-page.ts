import type { PageAnswer, PageQuestion } from "./page-messages.ts";

type Ask = (question: PageQuestion) => Promise<PageAnswer | undefined>;

/**
 * Offers this browser's person on the relay's sign-in page: shows the page's form once the background has named the
 * person, and on a real click fills in the token that the background signed. What is asked and where it goes is the
 * background's to judge; nothing of the page is trusted here.
 */
export async function offerSignIn(page: Document, ask: Ask): Promise<void> {
  const form = page.querySelector<HTMLFormElement>("form#ap-extension");
  const name = form?.querySelector("#ap-extension-name") ?? null;
  const button = name?.closest("button") ?? null;
  if (form === null || name === null || button === null) return;
  const who = await ask({ signIn: "person" }).catch(() => undefined);
  if (who === undefined || !("person" in who)) return;
  name.textContent = who.person;
  let running = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    // Only the person presses it: a script's click says nothing about what they want.
    if (!event.isTrusted || running) return;
    running = true;
    void submit(form, ask).finally(() => {
      running = false;
    });
  });
  form.hidden = false;
}

async function submit(form: HTMLFormElement, ask: Ask): Promise<void> {
  const { interaction = "", clientId = "", redirectUri = "", nonce = "" } = form.dataset;
  const answer = await ask({ signIn: "token", interaction, clientId, redirectUri, nonce }).catch(() => undefined);
  const field = form.querySelector<HTMLInputElement>("input[name=token]");
  if (field === null) return;
  // Without a token the page itself says that this browser could not sign in, and offers the other ways.
  field.value = answer !== undefined && "token" in answer ? answer.token : "";
  HTMLFormElement.prototype.submit.call(form);
}
