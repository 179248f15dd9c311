import { html, type Html } from "../../http/page.ts";
import type { PendingSignIn } from "../interactions.ts";
import { mayImitate, plainText } from "./plain-text.ts";
import { TEXTS } from "../../texts/sign-in.ts";

type Client = PendingSignIn["client"];

const NAME_LENGTH = 80;
const TITLE_LENGTH = 40;
const HOST_LENGTH = 255;

/** What the client calls itself, safe to show. */
export const clientName = ({ name }: Pick<Client, "name">): string =>
  plainText(name, NAME_LENGTH) || TEXTS.unnamedClient;

/** Short enough for a heading, where it stands in quotation marks. */
export const clientTitle = (client: Pick<Client, "name">): string => plainText(clientName(client), TITLE_LENGTH);

/** Who asks and where the answer goes, with what a person should know about both. */
export function renderClient(client: Client): Html {
  const name = clientName(client);
  return html`<dt>${TEXTS.client}</dt>
    <dd>
      <strong><bdi>${name}</bdi></strong>
      <span class="soft small">${TEXTS.nameNote}</span>
    </dd>
    <dt>${client.kind === "device" ? TEXTS.deviceAskedFrom : TEXTS.returnsTo}</dt>
    <dd>${renderTarget(client)}</dd>`;
}

export function renderWarnings(client: Client): Html {
  const warnings = [
    ...(mayImitate(clientName(client)) ? [TEXTS.imitates] : []),
    ...(client.kind === "device" ? [TEXTS.deviceNote] : []),
    ...(client.kind === "loopback" ? [TEXTS.loopbackNote] : []),
    ...(client.kind === "custom" ? [TEXTS.customNote(plainText(client.redirectHost, HOST_LENGTH))] : []),
  ];
  return html`${warnings.map((text) => html`<p class="note warning" role="note">${text}</p>`)}`;
}

function renderTarget({ kind, redirectHost }: Client): Html {
  const text = plainText(redirectHost, HOST_LENGTH);
  if (kind === "device") return html`<strong><bdi>${text}</bdi></strong>`;
  const host = html`<strong class="code"><bdi>${text}</bdi></strong>`;
  return kind === "loopback" ? html`${host}, ${TEXTS.thisComputer}` : host;
}
