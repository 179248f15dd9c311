import type { Device } from "@agent-personas/shared/api/devices";
import { useEffect, useState } from "react";
import { i18n } from "#i18n";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { useCommand } from "../../../ui/use-command.ts";

const ANY = "any";

/** Which browser executes calls by this key. Shown only to someone with more than one. */
export function DeviceField({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (deviceId: string | null) => void;
}) {
  const { run } = useCommand("devices.list");
  const [devices, setDevices] = useState<Device[]>([]);
  useEffect(() => {
    void run({}).then((answer) => {
      if (answer !== undefined) setDevices(answer.devices);
    });
  }, [run]);
  if (devices.length < 2) return null;
  return (
    <Field label={i18n.t("keys.device")} hint={i18n.t("keys.deviceHint")}>
      <Select
        value={value ?? ANY}
        onChange={(picked) => onChange(picked === ANY ? null : picked)}
        options={[
          { value: ANY, label: i18n.t("keys.deviceAny") },
          ...devices.map((device) => ({ value: device.deviceId, label: device.name })),
        ]}
      />
    </Field>
  );
}
