import { Direction } from "radix-ui";
import type { Database } from "../db/database.ts";
import { DatabaseProvider } from "../ui/database-context.tsx";
import { LeaveGuardContext } from "../ui/leave-guard.ts";
import { NavigationFocusContext } from "../ui/navigation-focus.ts";
import { textDirection } from "../ui/prepare-page.ts";
import { ToastProvider } from "../ui/toast.tsx";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { LeaveUnsavedDialog } from "./leave-unsaved-dialog.tsx";
import { placeOf } from "./place-of.ts";
import { RoutePage } from "./route-page.tsx";
import { Shell } from "./shell.tsx";
import { useRoute } from "./use-route.ts";

/** The full page: everything that does not fit the popup. */
export function Console({ database }: { database: Database }) {
  const { route, focus, guard, leaving } = useRoute();
  return (
    <DatabaseProvider database={database}>
      <Direction.Provider dir={textDirection()}>
        <TooltipProvider>
          <ToastProvider>
            <NavigationFocusContext value={focus}>
              <LeaveGuardContext value={guard}>
                <Shell route={route}>
                  <ErrorBoundary key={placeOf(route)}>
                    <RoutePage route={route} />
                  </ErrorBoundary>
                </Shell>
                <LeaveUnsavedDialog leaving={leaving} />
              </LeaveGuardContext>
            </NavigationFocusContext>
          </ToastProvider>
        </TooltipProvider>
      </Direction.Provider>
    </DatabaseProvider>
  );
}
