import { AppError } from "@agent-personas/shared/errors/app-error";

/** `reason` is a sentence for whoever sent the credential. */
export const invalidToken = (reason: string): AppError => new AppError("invalid_token", { detail: { reason } });
