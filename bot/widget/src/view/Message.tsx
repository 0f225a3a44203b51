import type { ComponentChildren } from "preact";
import type { Button } from "../protocol";
import { languageIn, languageOf, strings, type Strings } from "../strings";
import { offerButtons, offerState, quickReplyState, wordsOf, type Entry } from "../transcript";
import { Breakdown, DocumentLink } from "./Cards";
import { CheckIcon, PersonIcon } from "./icons";
import { Offers } from "./Offers";
import { Text } from "./Text";

interface Props {
  entries: Entry[];
  at: number;
  words: Strings;
  server: string;
  onPress(button: Button): void;
  /** What became of the message. */
  children?: ComponentChildren;
}

export function Message({ entries, at, words, server, onPress, children }: Props) {
  const entry = entries[at]!;
  const said = wordsOf(entries, at);
  const lang = strings[entry.lang ? languageOf(entry.lang) : languageIn(said)].locale;
  const first = entries[at - 1]?.author !== entry.author || Boolean(entries[at - 1]?.notice);
  const [before, after] = aroundCard(entry, said);
  const bubble = (text: string) => text && <Bubble text={text} trusted={entry.author !== "borrower"} server={server} words={words} />;
  if (entry.notice && entry.notice !== "technical_problem") return <Notice text={said} lang={lang} author={entry.author} />;
  return (
    <article class={`message ${entry.author} ${entry.delivery} ${first ? "first" : ""}`} lang={lang}>
      <Byline entry={entry} words={words} visible={first} />
      {bubble(before)}
      <CardOf entries={entries} at={at} server={server} words={words} onPress={onPress} />
      {bubble(after)}
      <QuickReplies entries={entries} at={at} words={words} onPress={onPress} />
      {children}
    </article>
  );
}

interface BubbleProps {
  text: string;
  /** Written by the bot or a person: links in it may be followed. */
  trusted: boolean;
  server: string;
  words: Strings;
}

function Bubble({ text, trusted, server, words }: BubbleProps) {
  return (
    <div class="bubble">
      <Text text={text} trusted={trusted} server={server} words={words} />
    </div>
  );
}

/** A person came, or went: said between the messages, for nobody wrote it. */
function Notice({ text, lang, author }: { text: string; lang: string; author: string }) {
  return (
    <article class={`message ${author} notice first`} lang={lang}>
      <PersonIcon />
      <p class="bubble">{text}</p>
    </article>
  );
}

/** What of the text is shown before and after the card; the rest says what the card says. */
function aroundCard(entry: Entry, text: string): [string, string] {
  if (entry.card?.type === "breakdown") return ["", ""];
  if (entry.card?.type !== "offers") return [text, ""];
  const paragraphs = text.split(/\n\s*\n/);
  return [paragraphs[0]!, paragraphs.length > 2 ? paragraphs.at(-1)! : ""];
}

function Byline({ entry, words, visible }: { entry: Entry; words: Strings; visible: boolean }) {
  const name = { borrower: words.you, bot: words.bot, person: words.person }[entry.author];
  const shown = visible && entry.author !== "borrower";
  return (
    <p class={shown ? "byline" : "hidden"} lang={words.locale}>
      {name}
      {shown && entry.at && <Time at={entry.at} />}
    </p>
  );
}

function Time({ at }: { at: string }) {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return null;
  const shown = `${when.getHours()}`.padStart(2, "0") + ":" + `${when.getMinutes()}`.padStart(2, "0");
  return <time dateTime={at}>{shown}</time>;
}

function CardOf({ entries, at, server, words, onPress }: Omit<Props, "children">) {
  const { card, text } = entries[at]!;
  if (card?.type === "offers") {
    return <Offers card={card} introduced={Boolean(text)} state={offerState(entries, at)} words={words} onPress={onPress} />;
  }
  if (card?.type === "breakdown") return <Breakdown card={card} />;
  if (card?.type === "document") return <DocumentLink card={card} server={server} words={words} />;
  return null;
}

function QuickReplies({ entries, at, words, onPress }: Omit<Props, "server" | "children">) {
  const entry = entries[at]!;
  const { open, chosen } = quickReplyState(entries, at);
  // What can be chosen on a card needs no second button.
  const onCard = offerButtons(entry).map((button) => button.payload);
  const buttons = (entry.buttons ?? []).filter((button) => !onCard.includes(button.payload));
  if (buttons.length === 0) return null;
  return (
    <div class="quick-replies" role="group" aria-label={words.choices}>
      {buttons.map((button) => (
        <QuickReply key={button.payload + button.title} button={button} open={open} chosen={button === chosen} words={words} onPress={onPress} />
      ))}
    </div>
  );
}

interface ReplyProps {
  button: Button;
  open: boolean;
  chosen: boolean;
  words: Strings;
  onPress(button: Button): void;
}

function QuickReply({ button, open, chosen, words, onPress }: ReplyProps) {
  return (
    <button type="button" disabled={!open} class={chosen ? "chosen" : ""} onClick={() => onPress(button)}>
      {chosen && <CheckIcon />}
      {button.title}
      {chosen && <span class="hidden"> ({words.chosen})</span>}
    </button>
  );
}
