import { i18n } from "#i18n";
import { AppIcon } from "../ui/app-icon.tsx";
import { appNextStep } from "../ui/app-status.tsx";
import { Button } from "../ui/button.tsx";
import { consoleHref } from "./console-link.ts";
import type { PopupApp } from "./popup-view.ts";

const SHOWN = 3;

export function AppsToSignIn({ apps }: { apps: PopupApp[] }) {
  if (apps.length === 0) return null;
  return (
    <section aria-labelledby="apps-to-sign-in" className="border-b border-line py-2">
      <h2 id="apps-to-sign-in" className="px-4 pb-1 text-sm font-medium text-muted">
        {i18n.t("popup.appsNeedYou")}
      </h2>
      <ul>
        {apps.slice(0, SHOWN).map((app) => (
          <li key={app.appId} className="flex items-center gap-2.5 px-4 py-1">
            <AppIcon name={app.name} url={app.url} size="sm" />
            <span className="min-w-0 flex-1 truncate text-base">{app.name}</span>
            <Button asChild size="sm">
              <a
                href={consoleHref({ page: "app", appId: app.appId })}
                target="_blank"
                aria-label={i18n.t("apps.stepWithApp", { step: appNextStep(app.status) ?? "", app: app.name })}
              >
                {appNextStep(app.status)}
              </a>
            </Button>
          </li>
        ))}
      </ul>
      {apps.length > SHOWN && (
        <a
          href={consoleHref({ page: "apps" })}
          target="_blank"
          className="mx-4 mt-1 inline-block rounded-sm text-sm text-accent-ink hover:underline"
        >
          {i18n.t("popup.moreApps", apps.length - SHOWN)}
        </a>
      )}
    </section>
  );
}
