import type { AppError } from "@agent-personas/shared/errors/app-error";
import { Component, type ReactNode } from "react";
import { ErrorState } from "../ui/error-state.tsx";
import { toAppError } from "../ui/to-app-error.ts";

type State = { error: AppError | null };

/** React offers this only as a class. Give it a `key` per page, so that going elsewhere leaves the fault behind. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: toAppError(thrown) };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
