import { html, renderPage, type Html, type Site } from "../../http/page.ts";
import { NOTICES } from "../../texts/sign-in.ts";
import type { Notice } from "../../sign-in/progress.ts";

/** What every page of a sign-in knows: its address, the secret of its forms, the relay it is at. */
export type Frame = { uid: string; csrf: string; site: Site; notice: Notice | null };

export type SignInAction = "extension" | "code" | "key" | "persona" | "consent" | "deny" | "restart";

export const actionUrl = ({ uid }: Pick<Frame, "uid">, action: SignInAction): string => `/sign-in/${uid}/${action}`;

export function renderFrame(
  frame: Pick<Frame, "site" | "notice">,
  { title, body }: { title: string; body: Html },
): string {
  const notice =
    frame.notice === null ? html`` : html`<p class="note danger" role="alert">${NOTICES[frame.notice]}</p>`;
  return renderPage(frame.site, {
    name: title,
    narrow: true,
    body: html`<h1>${title}</h1>
      ${notice} ${body}`,
  });
}

export const csrfField = ({ csrf }: Pick<Frame, "csrf">): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}" />`;

/** A form that is one button. */
export const buttonForm = (frame: Frame, action: SignInAction, text: string, style: "link" | "wide"): Html =>
  html`<form method="post" action="${actionUrl(frame, action)}">
    ${csrfField(frame)}<button class="${style}">${text}</button>
  </form>`;
