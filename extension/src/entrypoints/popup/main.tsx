import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openDatabase } from "../../db/database.ts";
import { Popup } from "../../popup/popup.tsx";
import { DatabaseProvider } from "../../ui/database-context.tsx";
import { followTheme } from "../../ui/theme.ts";
import "../../ui/styles.css";

followTheme();
const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <DatabaseProvider database={openDatabase()}>
        <Popup />
      </DatabaseProvider>
    </StrictMode>,
  );
}
