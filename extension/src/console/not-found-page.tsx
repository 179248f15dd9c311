import { Compass } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { hrefTo } from "../ui/route.ts";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title={i18n.t("console.notFound")} />
      <EmptyState
        icon={Compass}
        title={i18n.t("console.notFoundTitle")}
        text={i18n.t("console.notFoundText")}
        action={
          <Button asChild variant="primary">
            <a href={hrefTo({ page: "personas" })}>{i18n.t("console.toPersonas")}</a>
          </Button>
        }
      />
    </>
  );
}
