// The session token: opaque, kept for this tab only.
import type { Language } from "./protocol";

const KEY = "respite-chat";

export interface Kept {
  token?: string;
  /** The bot has said its first word in this session. */
  greeted?: boolean;
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

/** Asks the server for a token; `previous` keeps the same conversation if the server still knows it. */
export async function requestToken(server: string, previous?: string): Promise<string> {
  const headers: Record<string, string> = previous ? { Authorization: `Bearer ${previous}` } : {};
  const response = await fetch(`${server}/chat/session`, { method: "POST", headers, credentials: "omit" });
  if (!response.ok) throw new SessionRefused(response.status);
  const { token } = (await response.json()) as { token: string };
  return token;
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
