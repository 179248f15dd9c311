import { useState } from "react";
import type { ProbeResult } from "../../../messages/contract.ts";
import { AddAppForm } from "./add-app-form.tsx";
import { ProbedApp } from "./probed-app.tsx";

type AddAppFlowProps = {
  onDone?: (appId: string) => void;
  /** On the button that ends it; without, it offers to open the app. */
  doneText?: string;
};

/** Two clicks: Add asks for the app's origin and probes it; Connect asks for the sign-in's origins and signs in. */
export function AddAppFlow({ onDone, doneText }: AddAppFlowProps) {
  const [probe, setProbe] = useState<ProbeResult | null>(null);
  if (!probe) return <AddAppForm onAdded={setProbe} />;
  return (
    <ProbedApp
      key={probe.connectionId}
      probe={probe}
      onAgain={() => setProbe(null)}
      {...(onDone && { onDone: () => onDone(probe.appId) })}
      {...(doneText !== undefined && { doneText })}
    />
  );
}
