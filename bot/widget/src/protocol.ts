// The messages on the wire, as bot/channels/protocol.py sends and takes them.

export type Language = "zh" | "en";
export type Author = "borrower" | "bot" | "person";

export interface Button {
  title: string;
  payload: string;
}

export interface Line {
  label: string;
  value: string;
}

/** The first three columns of a schedule are its number, its day and its payment; the rest are details. */
export interface Schedule {
  head: string[];
  rows: string[][];
}

export interface Offer {
  option: number;
  name: string;
  /** What the option is called, "Option 1" if absent. */
  badge?: string;
  lines: Line[];
  notes?: string[];
  schedule_title?: string;
  schedule?: Schedule;
  button?: Button;
}

/**
 * The text beside a card says the same for channels that draw none. Beside offers, its first paragraph leads in,
 * and its last one (of three or more) asks the question; those two are shown around the card.
 */
export interface OffersCard {
  type: "offers";
  title?: string;
  offers: Offer[];
  refusals?: { title: string; items: { name: string; reason: string }[] };
}

export interface BreakdownCard {
  type: "breakdown";
  title?: string;
  lines: Line[];
  note?: string;
}

export interface DocumentCard {
  type: "document";
  title?: string;
  href: string;
  label: string;
}

export type Card = OffersCard | BreakdownCard | DocumentCard;

/** The field that helps to answer a question; what is entered there is sent as plain text like any other words. */
export interface InputHint {
  type: "amount" | "date" | "code";
  /** The date asked for is not to come. */
  past?: boolean;
}

/**
 * Server → client. `seq` is null for an apology that could not be stored. A borrower's own
 * message comes back, before its answer and in a replay, with the `id` it was sent with.
 */
export interface ServerMessage {
  seq: number | null;
  author: Author;
  id?: string;
  text?: string;
  payload?: string;
  buttons?: Button[];
  card?: Card;
  input?: InputHint;
  /** What the bot is busy with once this is answered. */
  meanwhile?: "options";
  /** A message nobody wrote: it tells that a person came, or went. */
  notice?: string;
  lang?: string;
  at?: string;
}

export interface Turn {
  id?: string;
  done?: boolean;
}

/** `text` says it to the borrower; `id` is that of the message that was not taken, if it was one. */
export interface Refused {
  reason: string;
  id?: string | null;
  text?: string;
}

/** Client → server. `id` stays the same when the message is sent again, so that it counts once. */
export interface Say {
  id: string;
  text?: string;
  payload?: string;
}
