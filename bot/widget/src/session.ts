// The session token: opaque, kept for this tab only.
import type { Language } from "./protocol";

const KEY = "respite-chat";

export interface Kept {
  token?: string;
  /** The bot has introduced itself in this session. */
  greeted?: boolean;
  /** It has not yet answered in the language that was chosen last. */
  switching?: boolean;
  /** The borrower whom the lender vouched for in this session, as `markOf` marks them. */
  mark?: number;
  language?: Language;
}

// Storage can be forbidden; the chat then lives as long as the page.
let memory: Kept = {};

export function recall(): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Kept;
  } catch {
    return memory;
  }
}

export function keep(change: Kept): void {
  memory = { ...recall(), ...change };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // Kept in memory only.
  }
}

/** Where tokens come from: the bot's server, and the lender's address that vouches for a logged-in borrower. */
export interface Door {
  server: string;
  tokenUrl?: string;
}

/** What the lender's page says of who is logged in there. */
interface Lender {
  /** Vouches for the borrower, once; absent when nobody is logged in. */
  handover?: string;
  /** Tells one borrower from another, see `markOf`. */
  mark: number;
}

// The chat does not wait longer for the lender's page; without its word the bot checks who is there.
const LENDER_PATIENCE = 5000;
const NOBODY: Lender = { mark: 0 };

/**
 * Asks the server for a token; `previous` keeps the same conversation if the server still knows it. What one
 * borrower said is not for the next one in the same tab, nor for whoever stays when they have logged out.
 */
export async function requestToken(door: Door, previous?: string): Promise<string> {
  const lender = await askLender(door.tokenUrl);
  if (previous) {
    if (lender && lender.mark !== (recall().mark ?? 0)) throw new SessionRefused(401);
    return fromServer(door.server, { Authorization: `Bearer ${previous}` });
  }
  const token = await fromServer(door.server, {}, lender?.handover);
  keep({ mark: lender?.mark });
  return token;
}

async function fromServer(server: string, headers: Record<string, string>, handover?: string): Promise<string> {
  const body = handover && JSON.stringify({ handover });
  const init: RequestInit = { method: "POST", credentials: "omit", body };
  init.headers = body ? { ...headers, "Content-Type": "application/json" } : headers;
  const response = await fetch(`${server}/chat/session`, init);
  if (!response.ok) throw new SessionRefused(response.status);
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** What the lender's page answers; nothing when there is no such address, or it cannot be reached. */
async function askLender(tokenUrl?: string): Promise<Lender | undefined> {
  if (!tokenUrl) return undefined;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LENDER_PATIENCE);
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch(tokenUrl, { headers, cache: "no-store", signal: patience.signal });
    if (response.status === 401 || response.status === 403) return NOBODY;
    if (!response.ok) return undefined;
    const { token } = (await response.json()) as { token?: unknown };
    return typeof token === "string" && token ? { handover: token, mark: markOf(token) } : NOBODY;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** 16 bits of a hash (FNV-1a) of whom the token names: enough to notice another one, too few to tell who it is. */
function markOf(token: string): number {
  let hash = 0x811c9dc5;
  for (const character of subjectOf(token)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  // Never 0, which is nobody.
  return (hash >>> 16) + 1;
}

function subjectOf(token: string): string {
  try {
    const claims = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    return `${(JSON.parse(atob(claims)) as { sub?: unknown }).sub}`;
  } catch {
    return "";
  }
}

export class SessionRefused extends Error {
  constructor(readonly status: number) {
    super(`session refused: ${status}`);
  }

  /** The server does not know the previous token; anything else passes. */
  get final(): boolean {
    return this.status === 401 || this.status === 403;
  }
}
