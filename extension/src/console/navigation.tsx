import { Boxes, Drama, Settings, type LucideIcon } from "lucide-react";
import { i18n } from "#i18n";
import { cn } from "../ui/cn.ts";
import { hrefTo, type Route } from "../ui/route.ts";

type Area = "personas" | "apps" | "settings";

const AREAS: readonly { area: Area; icon: LucideIcon }[] = [
  { area: "personas", icon: Drama },
  { area: "apps", icon: Boxes },
  { area: "settings", icon: Settings },
];

/** A column in the sidebar, a row in the top bar. */
export function Navigation({ route, direction }: { route: Route | null; direction: "column" | "row" }) {
  const current = areaOf(route);
  return (
    <nav aria-label={i18n.t("console.navigation")}>
      <ul className={cn("flex gap-0.5", direction === "column" ? "flex-col" : "overflow-x-auto")}>
        {AREAS.map(({ area, icon: Icon }) => (
          <li key={area}>
            <a
              href={hrefTo({ page: area })}
              aria-current={current === area ? "page" : undefined}
              className={cn(
                "flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-base font-medium whitespace-nowrap text-muted transition-colors hover:bg-hover hover:text-ink",
                current === area && "bg-hover text-ink",
              )}
            >
              <Icon aria-hidden className={cn("size-4 shrink-0", current === area && "text-accent-ink")} />
              {areaText(area)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function areaText(area: Area): string {
  switch (area) {
    case "personas":
      return i18n.t("console.personas");
    case "apps":
      return i18n.t("console.apps");
    case "settings":
      return i18n.t("console.settings");
  }
}

function areaOf(route: Route | null): Area | null {
  switch (route?.page) {
    case "personas":
    case "persona":
    case "persona-new":
    case "persona-edit":
      return "personas";
    case "apps":
    case "app":
      return "apps";
    case "settings":
    case "limits":
      return "settings";
    case "sign-ins":
    case "welcome":
    case undefined:
      return null;
  }
}
