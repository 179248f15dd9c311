import { i18n } from "#i18n";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Card } from "../../../ui/card.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useRelay } from "../../../ui/use-relay.ts";
import { AboutSection } from "./about-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { DevicesSection } from "./devices-section.tsx";
import { LimitsLink } from "./limits-link.tsx";
import { RecoverySection } from "./recovery-section.tsx";
import { RelaySection } from "./relay-section.tsx";

export function SettingsPage() {
  const relay = useRelay();
  return (
    <>
      <PageHeader title={i18n.t("settings.title")} />
      <div className="flex max-w-3xl flex-col gap-9">
        {relay.state === "failed" && <ErrorState error={relay.error} />}
        {relay.state === "loading" && (
          <Card>
            <SkeletonRows rows={3} />
          </Card>
        )}
        {relay.state === "ready" && <RelaySection view={relay.value} />}
        {relay.state === "ready" && relay.value.relay && (
          <>
            <DevicesSection
              ownDeviceId={relay.value.relay.device.deviceId}
              reached={relay.value.state.tunnel === "online"}
            />
            <LimitsLink />
            <RecoverySection />
          </>
        )}
        <AppearanceSection />
        <AboutSection />
      </div>
    </>
  );
}
