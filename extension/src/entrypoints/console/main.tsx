import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "../../console/console.tsx";
import { openDatabase } from "../../db/database.ts";
import { followTheme } from "../../ui/theme.ts";
import "../../ui/styles.css";

followTheme();
const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Console database={openDatabase()} />
    </StrictMode>,
  );
}
