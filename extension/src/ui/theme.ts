export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "theme";

/** Read from where it is at hand before the first paint; a value nobody knows counts as `system`. */
export function readTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === stored) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}

/** Applies the choice and follows the one made in another page of the extension. */
export function followTheme(): void {
  applyTheme(readTheme());
  addEventListener("storage", (event) => {
    if (event.key === KEY) applyTheme(readTheme());
  });
}

function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
