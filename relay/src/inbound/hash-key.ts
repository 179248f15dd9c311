import { hash } from "node:crypto";

/** All that is stored of an access key. At once: the platform's promise takes longer than such a short text itself. */
export const hashKey = (secret: string): string => hash("sha256", secret, "hex");
