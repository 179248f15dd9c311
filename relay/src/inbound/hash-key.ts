import { sha256Hex } from "@agent-personas/shared/primitives/sha256";

/** All that is stored of an access key. */
export const hashKey = (secret: string): Promise<string> => sha256Hex(secret);
