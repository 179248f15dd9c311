import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { useNavigationFocus } from "./navigation-focus.ts";

type PageHeaderProps = {
  title: string;
  description?: ReactNode;
  /** Where the page above is; shown as a link over the title. */
  back?: { href: string; label: string };
  /** Before the title, e.g. an `AppIcon`. */
  icon?: ReactNode;
  /** Under the title, e.g. a `StatusDot`. */
  meta?: ReactNode;
  actions?: ReactNode;
};

/** Holds the page's one `h1`, which takes the focus after a navigation, and names the document. */
export function PageHeader({ title, description, back, icon, meta, actions }: PageHeaderProps) {
  const heading = useNavigationFocus();
  return (
    <header className="mb-6 flex flex-col gap-2">
      <title>{i18n.t("ui.documentTitle", { title })}</title>
      {back !== undefined && (
        <a
          href={back.href}
          className="inline-flex w-fit items-center gap-0.5 rounded-sm text-sm text-muted hover:text-ink"
        >
          <ChevronLeft aria-hidden className="-ms-1 size-4 rtl:-scale-x-100" />
          {back.label}
        </a>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 items-start gap-3">
          {icon}
          <div className="flex min-w-0 flex-col gap-1">
            <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight break-words">
              {title}
            </h1>
            {description !== undefined && <p className="max-w-2xl text-base text-pretty text-muted">{description}</p>}
            {meta !== undefined && <div className="flex flex-wrap items-center gap-x-3 gap-y-1">{meta}</div>}
          </div>
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
