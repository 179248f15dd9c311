/** One real client: what it registers, and each address it then sends people back to. */
export type ClientFixture = {
  client: string;
  body: Record<string, unknown>;
  /** Sent at authorize; a port may differ from the registered one where the client picks it later. */
  redirects: readonly string[];
  /** null when the client leaves it out. */
  scope: string | null;
  /** False when the client sends no `resource`. */
  resource?: boolean;
};

const CODE = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
const PUBLIC = { ...CODE, token_endpoint_auth_method: "none" };
const READ_WRITE = "read write";

/** Bodies as the clients send them; facts about each are kept with the project's notes on AI clients. */
export const DCR_CLIENTS: readonly ClientFixture[] = [
  {
    client: "Cursor, three addresses in one call",
    body: {
      client_name: "Cursor",
      redirect_uris: [
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback",
      ],
      ...PUBLIC,
    },
    redirects: [
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "https://www.cursor.com/agents/mcp/oauth/callback",
      "http://localhost:8787/callback",
    ],
    scope: "read write destructive offline_access",
  },
  {
    client: "VS Code, with a device grant and a port of its own",
    body: {
      client_name: "Visual Studio Code",
      client_uri: "https://code.visualstudio.com",
      redirect_uris: [
        "https://insiders.vscode.dev/redirect",
        "https://vscode.dev/redirect",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
      ],
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    redirects: ["https://vscode.dev/redirect", "http://127.0.0.1:33418/", "http://127.0.0.1:51742/"],
    scope: READ_WRITE,
  },
  {
    client: "Claude",
    body: {
      client_name: "Claude",
      redirect_uris: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
      ...PUBLIC,
    },
    redirects: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
    scope: READ_WRITE,
  },
  {
    client: "Claude Code by registration",
    body: {
      client_name: "Claude Code (relay)",
      redirect_uris: ["http://localhost:54321/callback"],
      ...PUBLIC,
    },
    redirects: ["http://localhost:54321/callback", "http://localhost:60123/callback"],
    scope: READ_WRITE,
  },
  {
    client: "ChatGPT by registration",
    body: {
      client_name: "ChatGPT",
      redirect_uris: [
        "https://chatgpt.com/connector/oauth/a1B2c3D4e5",
        "https://chatgpt.com/connector_platform_oauth_redirect",
      ],
      ...PUBLIC,
    },
    redirects: [
      "https://chatgpt.com/connector/oauth/a1B2c3D4e5",
      "https://chatgpt.com/connector_platform_oauth_redirect",
    ],
    scope: "read write offline_access",
  },
  {
    client: "Codex, which has left out the resource",
    body: {
      client_name: "Codex",
      redirect_uris: ["http://127.0.0.1:40111/callback/4f1d2c"],
      ...PUBLIC,
    },
    redirects: ["http://127.0.0.1:40111/callback/4f1d2c"],
    scope: null,
    resource: false,
  },
  {
    client: "Gemini CLI, with an empty scope",
    body: {
      client_name: "Gemini CLI MCP Client",
      redirect_uris: ["http://localhost:41337/oauth/callback"],
      ...PUBLIC,
      scope: "",
    },
    redirects: ["http://localhost:41337/oauth/callback", "http://localhost:7777/oauth/callback"],
    scope: null,
  },
  {
    client: "mcp-remote, with scopes of another server",
    body: {
      client_name: "MCP CLI Proxy",
      client_uri: "https://github.com/geelen/mcp-remote",
      redirect_uris: ["http://localhost:23177/oauth/callback"],
      software_id: "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
      software_version: "0.15.1",
      scope: "openid email profile",
      ...PUBLIC,
    },
    redirects: ["http://localhost:23177/oauth/callback"],
    scope: "openid email profile",
  },
  {
    client: "Cline",
    body: {
      client_name: "Cline",
      redirect_uris: ["http://127.0.0.1:1456/mcp/oauth/callback"],
      ...PUBLIC,
    },
    redirects: ["http://127.0.0.1:1456/mcp/oauth/callback", "http://127.0.0.1:1461/mcp/oauth/callback"],
    scope: READ_WRITE,
  },
  {
    client: "Inspector in the browser",
    body: {
      client_name: "MCP Inspector",
      client_uri: "https://github.com/modelcontextprotocol/inspector",
      redirect_uris: ["http://localhost:6274/oauth/callback"],
      scope: READ_WRITE,
      ...PUBLIC,
    },
    redirects: ["http://localhost:6274/oauth/callback"],
    scope: READ_WRITE,
  },
  {
    client: "Inspector at the command line",
    body: { client_name: "MCP Inspector", redirect_uris: ["http://127.0.0.1:6276/oauth/callback"], ...PUBLIC },
    redirects: ["http://127.0.0.1:6276/oauth/callback"],
    scope: null,
  },
  {
    client: "opencode",
    body: {
      client_name: "OpenCode",
      client_uri: "https://opencode.ai",
      redirect_uris: ["http://127.0.0.1:19876/mcp/oauth/callback"],
      ...PUBLIC,
    },
    redirects: ["http://127.0.0.1:19876/mcp/oauth/callback"],
    scope: READ_WRITE,
  },
  {
    client: "Goose",
    body: { client_name: "goose", redirect_uris: ["http://localhost:42424/oauth_callback"], ...PUBLIC },
    redirects: ["http://localhost:42424/oauth_callback"],
    scope: READ_WRITE,
  },
  {
    client: "Copilot, at the root path",
    body: { client_name: "GitHub Copilot CLI", redirect_uris: ["http://127.0.0.1:43210/"], ...PUBLIC },
    redirects: ["http://127.0.0.1:43210/", "http://127.0.0.1:50001/"],
    scope: READ_WRITE,
  },
  {
    client: "mcporter",
    body: { client_name: "mcporter (relay)", redirect_uris: ["http://127.0.0.1:45454/callback"], ...PUBLIC },
    redirects: ["http://127.0.0.1:45454/callback"],
    scope: "mcp:tools",
  },
  {
    client: "Grok",
    body: { client_name: "Grok", redirect_uris: ["https://grok.com/connectors-oauth-exchange-code/"], ...PUBLIC },
    redirects: ["https://grok.com/connectors-oauth-exchange-code/"],
    scope: READ_WRITE,
  },
  {
    client: "n8n",
    body: { client_name: "n8n", redirect_uris: ["https://oauth.n8n.cloud/oauth2/callback"], ...PUBLIC },
    redirects: ["https://oauth.n8n.cloud/oauth2/callback"],
    scope: READ_WRITE,
  },
  {
    client: "a client that calls itself a web application and uses loopback and its own scheme",
    body: {
      client_name: "Mixed",
      application_type: "web",
      redirect_uris: ["mixed-app://back", "http://localhost:7007/back"],
      ...PUBLIC,
    },
    redirects: ["mixed-app://back", "http://localhost:7008/back"],
    scope: READ_WRITE,
  },
  {
    client: "a client with fields nobody knows and an http home page",
    body: {
      client_name: "Odd One",
      client_uri: "http://odd.example",
      redirect_uris: ["https://odd.example/back"],
      ...PUBLIC,
      "x-vendor": { nested: [1, 2] },
      software_statement_hint: true,
    },
    redirects: ["https://odd.example/back"],
    scope: READ_WRITE,
  },
  {
    client: "a client that says nothing about how it proves itself",
    body: { client_name: "Silent", redirect_uris: ["http://127.0.0.1:46000/callback"] },
    redirects: ["http://127.0.0.1:46000/callback"],
    scope: null,
  },
];

/** Registers its address with a state in the query and then sends people to the bare one. */
export const CONTINUE = {
  body: {
    client_name: "Continue Dev, Inc",
    client_uri: "https://continue.dev",
    redirect_uris: ["http://localhost:3000/?state=4c1d4a4e-55be-4c1a-9d5e-0b8a7c6d5e4f"],
    ...PUBLIC,
  },
  redirect: "http://localhost:3000",
} as const;

export type DocumentFixture = { client: string; document: Record<string, unknown>; redirects: readonly string[] };

/** Client metadata documents; the client's id is the document's own address. */
export const DOCUMENTS: readonly (DocumentFixture & { id: string })[] = [
  {
    client: "Claude Code, whose loopback addresses name no port",
    id: "https://claude.ai/oauth/claude-code-client-metadata",
    document: {
      client_id: "https://claude.ai/oauth/claude-code-client-metadata",
      client_name: "Claude Code",
      client_uri: "https://claude.ai",
      redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"],
      ...PUBLIC,
    },
    redirects: ["http://localhost:53017/callback", "http://127.0.0.1:53018/callback"],
  },
  {
    client: "Claude",
    id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
    document: {
      client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
      client_name: "Claude",
      client_uri: "https://claude.ai",
      redirect_uris: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
      ...PUBLIC,
    },
    redirects: ["https://claude.ai/api/mcp/auth_callback"],
  },
  {
    client: "ChatGPT, which would rather prove itself with a key",
    id: "https://chatgpt.com/oauth/a1B2c3D4e5/client.json",
    document: {
      client_id: "https://chatgpt.com/oauth/a1B2c3D4e5/client.json",
      client_name: "ChatGPT",
      client_uri: "https://chatgpt.com",
      redirect_uris: [
        "https://chatgpt.com/connector/oauth/a1B2c3D4e5",
        "https://chatgpt.com/connector_platform_oauth_redirect",
      ],
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
      response_types: ["code", "id_token"],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
      jwks_uri: "https://chatgpt.com/oauth/jwks.json",
    },
    redirects: [
      "https://chatgpt.com/connector/oauth/a1B2c3D4e5",
      "https://chatgpt.com/connector_platform_oauth_redirect",
    ],
  },
  {
    client: "Codex",
    id: "https://chatgpt.com/oauth/codex/client.json",
    document: {
      client_id: "https://chatgpt.com/oauth/codex/client.json",
      client_name: "Codex",
      redirect_uris: ["http://127.0.0.1/callback", "http://localhost/callback"],
      ...PUBLIC,
      scope: "openid profile",
    },
    redirects: ["http://127.0.0.1:40222/callback"],
  },
];

/** Served where its host says, but it names another client. */
export const BORROWED = {
  id: "https://borrowed.example/client.json",
  document: {
    client_id: "https://claude.ai/oauth/claude-code-client-metadata",
    client_name: "Claude Code",
    redirect_uris: ["https://borrowed.example/back"],
  },
} as const;
