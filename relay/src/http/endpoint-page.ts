import type { AppError } from "@agent-personas/shared/errors/app-error";
import { PAGES } from "../texts/pages.ts";
import { renderFault, renderMessage } from "./fault-page.ts";
import { renderPage, type Site } from "./page.ts";
import { toAppError } from "./render-error.ts";

/** For a person who opened an MCP address in a browser. It tells nothing about what is there. */
export function renderEndpointPage(site: Site, thrown: unknown, requestId: string): string {
  const error: AppError = toAppError(thrown, requestId);
  if (error.code !== "invalid_token") {
    return renderFault(site, error, { requestId, back: { href: "/", text: PAGES.faultHome } });
  }
  return renderPage(site, {
    name: PAGES.endpointName,
    narrow: true,
    body: renderMessage(PAGES.endpointTitle, PAGES.endpointText, []),
  });
}
