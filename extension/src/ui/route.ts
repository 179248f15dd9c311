export const PERSONA_TABS = ["overview", "tools", "authentication"] as const;
export type PersonaTab = (typeof PERSONA_TABS)[number];

/** Every place of the console. */
export type Route =
  | { page: "personas" }
  | { page: "persona-new" }
  | { page: "persona"; personaId: string; tab: PersonaTab }
  | { page: "persona-edit"; personaId: string }
  | { page: "apps" }
  | { page: "app"; appId: string }
  | { page: "settings" }
  | { page: "limits" }
  /** The one named is shown first. */
  | { page: "sign-ins"; signInId: string | null }
  | { page: "welcome" };

/** The hash link of a place, for `href`. */
export function hrefTo(route: Route): string {
  switch (route.page) {
    case "personas":
      return "#/personas";
    case "persona-new":
      return "#/personas/new";
    case "persona":
      return `#/personas/${encodeURIComponent(route.personaId)}/${route.tab}`;
    case "persona-edit":
      return `#/personas/${encodeURIComponent(route.personaId)}/edit`;
    case "apps":
      return "#/apps";
    case "app":
      return `#/apps/${encodeURIComponent(route.appId)}`;
    case "settings":
      return "#/settings";
    case "limits":
      return "#/settings/limits";
    case "sign-ins":
      return route.signInId === null ? "#/sign-ins" : `#/sign-ins/${encodeURIComponent(route.signInId)}`;
    case "welcome":
      return "#/welcome";
  }
}

/** Goes there. `replace` leaves no step for the Back button. */
export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  if (options.replace) location.replace(hrefTo(route));
  else location.hash = hrefTo(route);
}

/** Reads a hash; null when it names no place. */
export function parseRoute(hash: string): Route | null {
  const segments = decodeSegments(hash);
  if (!segments) return null;
  const [area, id, tab, ...rest] = segments;
  if (rest.length > 0) return null;
  if (area === undefined || area === "personas") return personaRoute(id, tab);
  if (area === "apps" && tab === undefined) return id === undefined ? { page: "apps" } : { page: "app", appId: id };
  if (area === "sign-ins" && tab === undefined) return { page: "sign-ins", signInId: id ?? null };
  if ((area === "settings" || area === "welcome") && id === undefined) return { page: area };
  if (area === "settings" && id === "limits" && tab === undefined) return { page: "limits" };
  return null;
}

function personaRoute(id: string | undefined, tab: string | undefined): Route | null {
  if (id === undefined) return { page: "personas" };
  if (id === "new") return tab === undefined ? { page: "persona-new" } : null;
  if (tab === "edit") return { page: "persona-edit", personaId: id };
  const known = PERSONA_TABS.find((candidate) => candidate === (tab ?? "overview"));
  return known === undefined ? null : { page: "persona", personaId: id, tab: known };
}

function decodeSegments(hash: string): string[] | null {
  try {
    return hash
      .replace(/^#?\/?/u, "")
      .split("/")
      .filter((segment) => segment !== "")
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}
