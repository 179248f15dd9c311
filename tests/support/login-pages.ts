import type { ServerResponse } from "node:http";

/** What a person sees of a sign-in here. */
export function show(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>Test sign-in</title><body>${body}</body></html>`);
}

export const signedIn = `<p>Signed in.</p>`;

export const loginForm = (uid: string): string =>
  `<form action="/interaction/${uid}"><label>Account <input name="account"></label><button>Sign in</button></form>`;

export const consentForm = (uid: string, clientId: string): string =>
  `<h1>Allow access?</h1><p id="client">${clientId.replaceAll(/[^\w.:/-]/gu, "")}</p><form action="/interaction/${uid}">
    <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`;
