import { i18n } from "#i18n";
import { AddAppFlow } from "../features/apps/ui/add-app-flow.tsx";
import { AppPage } from "../features/apps/ui/app-page.tsx";
import { AppsPage } from "../features/apps/ui/apps-page.tsx";
import { FirstApp } from "../features/apps/ui/first-app.tsx";
import { LimitsPage } from "../features/limits/ui/limits-page.tsx";
import { WelcomePage } from "../features/onboarding/ui/welcome-page.tsx";
import { PersonaListPage } from "../features/personas/ui/persona-list-page.tsx";
import { PersonaWizardPage } from "../features/personas/ui/persona-wizard-page.tsx";
import type { AddApp } from "../features/personas/ui/wizard.tsx";
import { SettingsPage } from "../features/settings/ui/settings-page.tsx";
import { SignInsPage } from "../features/sign-in/ui/sign-ins-page.tsx";
import type { Route } from "../ui/route.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { PersonaScreen } from "./persona-screen.tsx";

/** Which page a place shows. Keys start a page anew when it shows another thing. */
export function RoutePage({ route }: { route: Route | null }) {
  switch (route?.page) {
    case "personas":
      return <PersonaListPage />;
    case "persona-new":
      return <PersonaWizardPage key="new" personaId={null} addApp={ADD_APP} />;
    case "persona-edit":
      return <PersonaWizardPage key={route.personaId} personaId={route.personaId} addApp={ADD_APP} />;
    case "persona":
      return <PersonaScreen key={route.personaId} personaId={route.personaId} tab={route.tab} />;
    case "apps":
      return <AppsPage />;
    case "app":
      return <AppPage key={route.appId} appId={route.appId} />;
    case "settings":
      return <SettingsPage />;
    case "limits":
      return <LimitsPage />;
    case "sign-ins":
      return <SignInsPage first={route.signInId} />;
    case "welcome":
      return <WelcomePage addApp={<FirstApp />} />;
    case undefined:
      return <NotFoundPage />;
  }
}

/** Features do not know each other: the wizard is given the way to add an app. */
const ADD_APP: AddApp = {
  first: <FirstApp />,
  another: (onDone) => <AddAppFlow onDone={onDone} doneText={i18n.t("wizard.chooseTools")} />,
};
