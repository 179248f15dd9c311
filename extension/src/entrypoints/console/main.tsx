import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "../../console/console.tsx";
import { openDatabase } from "../../db/database.ts";
import { preparePage } from "../../ui/prepare-page.ts";
import "../../ui/styles.css";

preparePage();
const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Console database={openDatabase()} />
    </StrictMode>,
  );
}
