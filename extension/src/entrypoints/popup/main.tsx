import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openDatabase } from "../../db/database.ts";
import { Popup } from "../../popup/popup.tsx";
import { DatabaseProvider } from "../../ui/database-context.tsx";
import { preparePage } from "../../ui/prepare-page.ts";
import "../../ui/styles.css";

preparePage();
const database = openDatabase();
// Opens while React is still at its first render; queries report a failure.
void database.open().catch(() => undefined);
const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DatabaseProvider database={database}>
        <Popup />
      </DatabaseProvider>
    </StrictMode>,
  );
}
