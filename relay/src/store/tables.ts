import type { Generated } from "kysely";

/** Rows as every dialect stores them: times in integer milliseconds, structured values as JSON text, truth as 0 or 1. */
export type Tables = {
  meta: { key: string; value: string };
  users: {
    user_id: string;
    name: string;
    administrator: number;
    created_at: number;
    requests_per_minute: number | null;
    monthly_calls: number | null;
    monthly_cents: number | null;
    preferred_device_id: string | null;
  };
  devices: {
    device_id: string;
    user_id: string;
    name: string;
    public_key: string;
    created_at: number;
    last_seen_at: number | null;
    revoked_at: number | null;
  };
  pairing_codes: {
    code_hash: string;
    kind: "setup" | "recovery";
    /** Whom the code adds a device for; null when pairing makes a new person. */
    user_id: string | null;
    created_at: number;
    used_at: number | null;
  };
  links: {
    link_id: string;
    user_id: string;
    creator_device_id: string;
    code_hash: string;
    created_at: number;
    expires_at: number;
    state: "waiting" | "requested" | "approved" | "denied";
    requested_name: string | null;
    requested_key: string | null;
    device_id: string | null;
  };
  personas: {
    persona_id: string;
    slug: string;
    owner_id: string;
    version: number;
    created_at: number;
    updated_at: number;
    last_used_at: number | null;
    requests_per_minute: number | null;
    monthly_calls: number | null;
    monthly_cents: number | null;
  };
  persona_versions: {
    persona_id: string;
    version: number;
    author_device_id: string;
    signed: string;
    saved_at: number;
  };
  acceptances: { persona_id: string; device_id: string; version: number; accepted_at: number };
  access_keys: {
    key_id: string;
    persona_id: string;
    creator_id: string;
    key_hash: string;
    name: string;
    prefix: string;
    last4: string;
    scopes: string;
    tools: string | null;
    device_id: string | null;
    created_at: number;
    expires_at: number | null;
    disabled_at: number | null;
    revoked_at: number | null;
    leaked_at: number | null;
    last_used_at: number | null;
    last_client: string | null;
    monthly_calls: number | null;
    monthly_cents: number | null;
  };
  /** By the id of a person, persona or key, and the month in UTC: `2026-11`. */
  monthly_usage: { month: string; subject_id: string; calls: number; millicents: number };
  sessions: {
    session_id: string;
    persona_id: string;
    principal_id: string;
    protocol: string;
    initialize: string;
    log_level: string | null;
    subscriptions: Generated<string>;
    created_at: number;
    last_used_at: number;
  };
  /** `sealed` opens only with the stream's key, which is in the ids that the client holds and nowhere here. */
  stream_events: { stream_hash: string; seq: number; sealed: string; created_at: number };
  grants: {
    grant_id: string;
    persona_id: string;
    user_id: string;
    key_id: string | null;
    client_id: string;
    client_name: string;
    redirect_host: string;
    resource: string;
    scopes: string;
    tools: string | null;
    created_at: number;
    /** When its first token was issued; a grant that never got there is shown to nobody. */
    activated_at: number | null;
    last_used_at: number | null;
    expires_at: number;
    ended_at: number | null;
    ended_for_reuse_at: number | null;
  };
  oauth_clients: { client_id: string; metadata: string; created_at: number; last_seen_at: number };
  oauth_records: {
    record_hash: string;
    kind: string;
    grant_id: string | null;
    payload: string;
    created_at: number;
    expires_at: number;
    consumed_at: number | null;
  };
  signing_keys: { kid: string; private_jwk: string; created_at: number; signs_from: number };
  audit: {
    audit_id: Generated<number>;
    at: number;
    user_id: string | null;
    device_id: string | null;
    event: string;
    subject: string;
    detail: string;
  };
};
