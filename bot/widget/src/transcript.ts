// What was said, in order, each message once. Pure: no network, no screen.
import type { Button, ServerMessage } from "./protocol";

/** `waiting` is not sent yet or not answered yet; `settled` needs nothing more; `refused` was turned down. */
export type Delivery = "waiting" | "settled" | "refused";

export interface Entry extends Omit<ServerMessage, "seq"> {
  key: string;
  seq?: number;
  delivery: Delivery;
}

export class Transcript {
  entries: Entry[] = [];

  /** Adds what the borrower just said, not numbered yet. */
  addOwn(own: { id: string; text?: string; payload?: string; lang: string; at: string }): void {
    this.entries.push({ ...own, key: own.id, author: "borrower", delivery: "waiting" });
  }

  /** Takes in a numbered message; false if it was known already. */
  receive(message: ServerMessage): boolean {
    const seq = message.seq ?? undefined;
    const known = seq !== undefined && this.entries.some((entry) => entry.seq === seq);
    if (known) return false;
    const own = this.ownOf(message);
    if (own) {
      this.entries.splice(this.entries.indexOf(own), 1);
      this.insert({ ...own, seq });
      return false;
    }
    const key = message.id ?? (seq === undefined ? `unnumbered-${this.entries.length}` : `seq-${seq}`);
    this.insert({ ...message, seq, key, delivery: "settled" });
    return true;
  }

  /** The turn that answered message `id` is over. */
  settle(id: string | undefined, delivery: Delivery = "settled"): void {
    const entry = this.entries.find((candidate) => candidate.id === id && id !== undefined);
    if (entry) entry.delivery = delivery;
  }

  /** The borrower's messages that no turn has answered, oldest first. */
  waiting(): Entry[] {
    return this.entries.filter((entry) => entry.delivery === "waiting");
  }

  /** Begins anew with only what the borrower said and nobody answered. */
  startOver(): void {
    this.entries = this.waiting().map((entry) => ({ ...entry, seq: undefined }));
  }

  /** The last number before the first gap: everything after it is asked for again. */
  lastWithoutGap(): number {
    const numbers = new Set(this.entries.map((entry) => entry.seq));
    let last = 0;
    while (numbers.has(last + 1)) last += 1;
    return last;
  }

  /** The entry that the borrower wrote on this page and that now comes back with its number. */
  private ownOf(message: ServerMessage): Entry | undefined {
    if (message.author !== "borrower") return undefined;
    const unnumbered = this.entries.filter((entry) => entry.author === "borrower" && entry.seq === undefined);
    if (message.id) return unnumbered.find((entry) => entry.id === message.id);
    return unnumbered.find((entry) => (message.payload ? entry.payload === message.payload : entry.text === message.text));
  }

  /** By number; what the borrower said and the server has not numbered yet stays at the end. */
  private insert(entry: Entry): void {
    const number = entry.seq;
    const isLater = (other: Entry) =>
      other.seq === undefined ? other.delivery === "waiting" : number !== undefined && other.seq > number;
    const at = this.entries.findIndex(isLater);
    this.entries.splice(at < 0 ? this.entries.length : at, 0, entry);
  }
}

/** The buttons of a message's offers. */
export function offerButtons(entry: Entry): Button[] {
  if (entry.card?.type !== "offers") return [];
  return entry.card.offers.flatMap((offer) => (offer.button ? [offer.button] : []));
}

function answers(entry: Entry, button: Button): boolean {
  return entry.payload ? entry.payload === button.payload : entry.text === button.title;
}

/** Quick replies are open until the borrower says anything; the one that was said, if any, is chosen. */
export function quickReplyState(entries: Entry[], at: number): { open: boolean; chosen?: Button } {
  const next = entries.slice(at + 1).find((entry) => entry.author === "borrower");
  if (!next) return { open: true };
  return { open: false, chosen: entries[at]?.buttons?.find((button) => answers(next, button)) };
}

/** Offers stay open over questions, until one of them is chosen or newer offers take their numbers. */
export function offerState(entries: Entry[], at: number): { open: boolean; chosen?: Button } {
  const buttons = entries[at] ? offerButtons(entries[at]) : [];
  const payloads = buttons.map((button) => button.payload);
  for (const later of entries.slice(at + 1)) {
    if (offerButtons(later).some((button) => payloads.includes(button.payload))) return { open: false };
    const chosen = later.author === "borrower" && buttons.find((button) => answers(later, button));
    if (chosen) return { open: false, chosen };
  }
  return { open: true };
}

/** The words of a borrower's message: what was typed, or the title of the button that was pressed. */
export function wordsOf(entries: Entry[], at: number): string {
  const entry = entries[at];
  if (!entry) return "";
  if (entry.text) return entry.text;
  const offered = entries.slice(0, at).flatMap((other) => [...(other.buttons ?? []), ...offerButtons(other)]);
  const button = offered.reverse().find((candidate) => candidate.payload === entry.payload);
  return button?.title ?? entry.payload ?? "";
}
