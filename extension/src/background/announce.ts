import { i18n } from "#i18n";
import type { SignInRow } from "../db/rows.ts";
import type { EndedGrant } from "../features/ai-clients/ended-grants.ts";
import { plainLine } from "../lib/hidden-characters.ts";
import { notifications, runtime, tabs } from "../platform/browser.ts";
import { hrefTo } from "../ui/route.ts";

/** A notification's id is where its click leads: a hash of the console, made unique after a blank. */
const show = (place: string, id: string, text: { title: string; message: string }): void =>
  void notifications.show(`${place} ${id}`, text).catch(() => undefined);

export function announceSignIn({ signInId, client, place }: SignInRow): void {
  show(hrefTo({ page: "sign-ins", signInId }), signInId, {
    title: i18n.t("signIns.announceTitle"),
    message: i18n.t("signIns.announceText", { client: plainLine(client.name), place: plainLine(place) }),
  });
}

export function announceEndedGrant({ personaId, persona, client }: EndedGrant): void {
  show(hrefTo({ page: "persona", personaId, tab: "authentication" }), client, {
    title: i18n.t("clients.announceTitle"),
    message: i18n.t("clients.announceText", { client: plainLine(client), persona: plainLine(persona) }),
  });
}

/** A click leads to the page that says more. */
export function openAnnounced(notificationId: string): void {
  const [place = ""] = notificationId.split(" ");
  if (place.startsWith("#/")) void tabs.create(runtime.getURL(`console.html${place}`));
}
