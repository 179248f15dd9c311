import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";

/** Whatever was thrown, as an error the catalogue has words for. */
export const toAppError = (thrown: unknown): AppError =>
  isAppError(thrown) ? thrown : new AppError("internal_error", { cause: thrown });
