import { ACCESS_ERRORS } from "@agent-personas/shared/errors/catalogue/access";
import { CALL_ERRORS } from "@agent-personas/shared/errors/catalogue/calls";
import type { Entry } from "@agent-personas/shared/errors/catalogue/entry";
import { EXTENSION_ERRORS } from "@agent-personas/shared/errors/catalogue/extension";
import { PAIRING_ERRORS } from "@agent-personas/shared/errors/catalogue/pairing";
import { HELP, type HelpGroup } from "../texts/help.ts";
import { html, renderPage, type Html, type Site } from "./page.ts";

const GROUPS: readonly (readonly [HelpGroup, Readonly<Record<string, Entry>>])[] = [
  ["calls", CALL_ERRORS],
  ["access", ACCESS_ERRORS],
  ["pairing", PAIRING_ERRORS],
  ["extension", EXTENSION_ERRORS],
];

/** `/help`: every code of the catalogue under its own anchor, for people and for whoever writes a client. */
export function renderHelp(site: Site): string {
  const { integrators } = HELP;
  return renderPage(site, {
    name: HELP.name,
    body: html`<h1>${HELP.title}</h1>
      <p class="soft">${HELP.lead}</p>
      ${renderContents()} ${GROUPS.map(renderGroup)}
      <h2 class="part" id="for-clients">${integrators.title}</h2>
      <section>
        <ul>
          ${integrators.points.map((point) => html`<li>${point}</li>`)}
        </ul>
      </section>`,
  });
}

const renderContents = (): Html =>
  html`<nav aria-label="${HELP.contents}">
    <section>
      ${GROUPS.map(
        ([group, entries]) =>
          html`<h2 class="small"><a href="#${anchorOf(group)}">${HELP.groups[group].title}</a></h2>
            <p class="codes">
              ${Object.keys(entries).map((code) => html`<a href="#${code}"><code>${code}</code></a>`)}
            </p>`,
      )}
      <h2 class="small"><a href="#for-clients">${HELP.integrators.title}</a></h2>
    </section>
  </nav>`;

const renderGroup = ([group, entries]: (typeof GROUPS)[number]): Html =>
  html`<h2 class="part" id="${anchorOf(group)}">${HELP.groups[group].title}</h2>
    <p class="soft">${HELP.groups[group].lead}</p>
    ${Object.entries(entries).map(renderEntry)}`;

const renderEntry = ([code, entry]: [string, Entry]): Html =>
  html`<section id="${code}">
    <h3>${entry.title}</h3>
    <p>${entry.text({})}</p>
    <p><strong>${HELP.whatToDo}</strong> ${entry.next({})}</p>
    <p class="soft small">
      <a href="#${code}"><code>${code}</code></a> · ${HELP.status(entry.status)}
    </p>
  </section>`;

/** No code looks like it. */
const anchorOf = (group: HelpGroup): string => `part-${group}`;
