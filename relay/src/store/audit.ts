import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export type AuditEvent =
  | "device_paired"
  | "device_renamed"
  | "device_revoked"
  | "device_preferred"
  | "link_created"
  | "link_denied"
  | "recovery_code_renewed"
  | "persona_saved"
  | "persona_deleted"
  | "key_created"
  | "key_widened"
  | "key_narrowed"
  | "key_disabled"
  | "key_enabled"
  | "key_revoked"
  | "key_leaked"
  | "limits_changed"
  | "grant_created"
  | "grant_revoked"
  | "grant_reused";

export type AuditEntry = {
  at: number;
  userId: string | null;
  deviceId: string | null;
  event: AuditEvent;
  /** Id of what the event is about. */
  subject: string;
  /** Metadata for people; never a credential, never a call's content. */
  detail: Readonly<Record<string, unknown>>;
};

export async function insertAudit(db: Kysely<Tables>, entry: AuditEntry): Promise<void> {
  await db
    .insertInto("audit")
    .values({
      at: entry.at,
      user_id: entry.userId,
      device_id: entry.deviceId,
      event: entry.event,
      subject: entry.subject,
      detail: JSON.stringify(entry.detail),
    })
    .execute();
}
