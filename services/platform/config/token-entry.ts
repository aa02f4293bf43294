/** Each may do what those before it may: read; act on alerts; read the audit log. */
export const ROLES = ['viewer', 'responder', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** One entry of console.tokens: `name:role:<sha256 of the token, hex>`. */
export const TOKEN_ENTRY = /^([\w.@-]{1,100}):(viewer|responder|admin):([0-9a-f]{64})$/;
