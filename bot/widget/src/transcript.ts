// What was said, in order, each message once. Pure: no network, no screen.
import type { Button, InputHint, ServerMessage } from "./protocol";

/** `waiting` is not sent yet or not answered yet; `settled` needs nothing more; `refused` was turned down. */
export type Delivery = "waiting" | "settled" | "refused";

export interface Entry extends Omit<ServerMessage, "seq"> {
  key: string;
  seq?: number;
  delivery: Delivery;
  /** Why it was turned down. */
  reason?: string;
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
  settle(id: string | undefined): void {
    this.change(id, { delivery: "settled" });
  }

  /** Message `id` was turned down. */
  refuse(id: string, reason: string): void {
    this.change(id, { delivery: "refused", reason });
  }

  /** Message `id` is to be sent again; it moves to the end, where it is said now. */
  again(id: string): Entry | undefined {
    const entry = this.takeBack(id);
    if (entry) this.entries.push({ ...entry, delivery: "waiting", reason: undefined });
    return entry;
  }

  /** Removes message `id`, which the server has not taken in, and returns it. */
  takeBack(id: string): Entry | undefined {
    const at = this.entries.findIndex((entry) => entry.id === id && entry.seq === undefined);
    return at < 0 ? undefined : this.entries.splice(at, 1)[0];
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

  private change(id: string | undefined, change: Partial<Entry>): void {
    const entry = this.entries.find((candidate) => candidate.id === id && id !== undefined);
    if (entry) Object.assign(entry, change);
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

/** Said by the borrower and not turned down. */
function isSaid(entry: Entry): boolean {
  return entry.author === "borrower" && entry.delivery !== "refused";
}

/** The newest that is so. (`findLast` is too new for some phones.) */
function newest(entries: Entry[], isSo: (entry: Entry) => boolean): Entry | undefined {
  return [...entries].reverse().find(isSo);
}

/** What the newest question is best answered with, until the borrower has said anything. */
export function askedInput(entries: Entry[]): InputHint | undefined {
  return newest(entries, (entry) => entry.input !== undefined || isSaid(entry))?.input;
}

/** What the bot is busy with after the borrower's last words, unless they were a no. */
export function underWay(entries: Entry[]): ServerMessage["meanwhile"] {
  const said = newest(entries, isSaid);
  if (!said || said.payload === "/deny") return undefined;
  return newest(entries.slice(0, entries.indexOf(said)), (entry) => entry.author !== "borrower")?.meanwhile;
}

/** Whether a person talks with the borrower: the last that came or wrote, and has not left since. */
export function personIsHere(entries: Entry[]): boolean {
  return newest(entries, (entry) => entry.author === "person" || entry.notice === "person_left")?.author === "person";
}

/** Quick replies are open until the borrower says anything; the one that was said, if any, is chosen. */
export function quickReplyState(entries: Entry[], at: number): { open: boolean; chosen?: Button } {
  const next = entries.slice(at + 1).find(isSaid);
  if (!next) return { open: true };
  return { open: false, chosen: entries[at]?.buttons?.find((button) => answers(next, button)) };
}

/** Offers stay open over questions, until one of them is chosen or newer offers take their numbers. */
export function offerState(entries: Entry[], at: number): { open: boolean; chosen?: Button } {
  const buttons = entries[at] ? offerButtons(entries[at]) : [];
  const payloads = buttons.map((button) => button.payload);
  for (const later of entries.slice(at + 1)) {
    if (offerButtons(later).some((button) => payloads.includes(button.payload))) return { open: false };
    const chosen = isSaid(later) && buttons.find((button) => answers(later, button));
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
