import { useState } from "react";
import { i18n } from "#i18n";
import { Input } from "../ui/input.tsx";
import { consoleHref } from "./console-link.ts";
import { PersonaRow } from "./persona-row.tsx";
import type { PopupPersona } from "./popup-view.ts";

const SEARCH_FROM = 8;
const SHOWN = 60;

export function PersonaList({ personas, relayUrl }: { personas: PopupPersona[]; relayUrl: string }) {
  const [query, setQuery] = useState("");
  const word = query.trim().toLowerCase();
  const matching = personas.filter((persona) => persona.name.toLowerCase().includes(word));
  return (
    <>
      {personas.length >= SEARCH_FROM && (
        <div className="sticky top-0 z-20 bg-surface px-4 pt-3 pb-2">
          <Input
            type="search"
            aria-label={i18n.t("popup.search")}
            placeholder={i18n.t("popup.search")}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      )}
      <ul aria-label={i18n.t("popup.personas")} className="divide-y divide-line border-b border-line">
        {matching.slice(0, SHOWN).map((persona) => (
          <PersonaRow key={persona.personaId} persona={persona} relayUrl={relayUrl} />
        ))}
      </ul>
      {matching.length === 0 && <p className="px-4 py-6 text-center text-base text-muted">{i18n.t("popup.noMatch")}</p>}
      {matching.length > SHOWN && (
        <a
          href={consoleHref({ page: "personas" })}
          target="_blank"
          className="m-3 self-center rounded-sm text-base text-accent-ink hover:underline"
        >
          {i18n.t("popup.morePersonas", matching.length - SHOWN)}
        </a>
      )}
    </>
  );
}
