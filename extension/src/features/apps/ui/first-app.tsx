import { useState } from "react";
import { i18n } from "#i18n";
import type { ConnectionRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { AddAppFlow } from "./add-app-flow.tsx";
import { ProbedApp } from "./probed-app.tsx";

/** Takes up an app that was added earlier and never connected, else adds one. */
export function FirstApp() {
  const connections = useLive((database) => database.connections.toArray());
  if (connections.state === "loading") return null;
  const waiting = connections.state === "ready" ? connections.value.find(({ status }) => status !== "connected") : null;
  return <Begun waiting={waiting ?? null} />;
}

/** What was waiting at first decides: an app added here meanwhile must not replace the flow that adds it. */
function Begun({ waiting }: { waiting: ConnectionRow | null }) {
  const [taken, setTaken] = useState(waiting);
  if (!taken) return <AddAppFlow />;
  return (
    <div className="flex flex-col items-start gap-4">
      <div className="w-full">
        <ProbedApp probe={{ ...taken, authorizationOrigins: [] }} />
      </div>
      <Button variant="link" size="sm" onClick={() => setTaken(null)}>
        {i18n.t("apps.addAnother")}
      </Button>
    </div>
  );
}
