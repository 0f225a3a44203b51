// The conversation itself: a live region that follows the newest message unless the borrower scrolled up.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { Button } from "../protocol";
import type { Strings } from "../strings";
import type { Entry } from "../transcript";
import { DownIcon } from "./icons";
import { Message } from "./Message";

interface Props {
  chat: Chat;
  words: Strings;
  server: string;
  onPress(button: Button): void;
  onRetry(entry: Entry): void;
  onEdit(entry: Entry): void;
}

const EDGE = 24;

export function Log({ chat, words, server, onPress, onRetry, onEdit }: Props) {
  const { entries } = chat.transcript;
  const log = useRef<HTMLDivElement>(null);
  const own = entries.at(-1)?.author === "borrower";
  const { behind, follow, scrolled } = useFollowing(log, entries.length, chat.awaiting, own);
  return (
    <div class="log-frame">
      <div class="log" ref={log} tabIndex={0} role="log" aria-live="polite" aria-label={words.log} onScroll={scrolled}>
        {entries.length === 0 && <p class="empty">{words.empty}</p>}
        {entries.map((entry, at) => (
          <Message key={entry.key} entries={entries} at={at} words={words} server={server} onPress={onPress}>
            <State entry={entry} chat={chat} words={words} onRetry={onRetry} onEdit={onEdit} />
          </Message>
        ))}
        {chat.awaiting && entries.length > 0 && <Typing words={words} busyWith={chat.busyWith && words[chat.busyWith]} />}
      </div>
      {behind && (
        <button type="button" class="newer" onClick={follow}>
          <DownIcon />
          {words.newMessages}
        </button>
      )}
    </div>
  );
}

/** Dots, and after a while what takes so long. Both are added to the log, so each is read out once. */
function Typing({ words, busyWith }: { words: Strings; busyWith?: string }) {
  return (
    <p class="typing" lang={words.locale}>
      <span class="hidden">{words.typing}</span>
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {busyWith && <span class="busy-with">{busyWith}</span>}
    </p>
  );
}

interface StateProps {
  entry: Entry;
  chat: Chat;
  words: Strings;
  onRetry(entry: Entry): void;
  onEdit(entry: Entry): void;
}

/** What became of a message of the borrower's, and what they can do about it. */
function State({ entry, chat, words, onRetry, onEdit }: StateProps) {
  if (entry.author !== "borrower" || entry.delivery === "settled") return null;
  const note = (text: string, action?: string, onAction?: (entry: Entry) => void) => (
    <p class="note" lang={words.locale}>
      {text}
      {action && (
        <button type="button" onClick={() => onAction?.(entry)}>
          {action}
        </button>
      )}
    </p>
  );
  if (entry.delivery === "refused") {
    if (entry.reason === "too_fast") return note(words.notSent, words.again, onRetry);
    return entry.payload ? note(words.notSent) : note(words.notSent, words.edit, onEdit);
  }
  if (!chat.online) return note(words.waiting);
  return chat.impatient ? note(words.unanswered, words.again, onRetry) : null;
}

/** Keeps the newest in view, but never scrolls the start of an answer out of it. */
function useFollowing(log: { current: HTMLDivElement | null }, count: number, awaiting: boolean, own: boolean) {
  const following = useRef(true);
  const target = useRef(0);
  // The message at which what is new begins: the borrower's own, or one that came unasked.
  const anchor = useRef(0);
  const before = useRef({ count: 0, awaiting: false });
  const [behind, setBehind] = useState(false);

  const toNewest = () => {
    const box = log.current;
    if (!box) return;
    const bottom = box.scrollHeight - box.clientHeight;
    const start = box.querySelectorAll<HTMLElement>(".message")[anchor.current]?.offsetTop ?? 0;
    target.current = Math.max(0, Math.min(bottom, start - EDGE));
    box.scrollTop = target.current;
  };
  const follow = () => {
    following.current = true;
    setBehind(false);
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  };
  const scrolled = () => {
    const box = log.current;
    if (!box) return;
    const atBottom = box.scrollHeight - box.clientHeight - box.scrollTop < EDGE;
    following.current = atBottom || box.scrollTop >= target.current - EDGE;
    if (following.current) setBehind(false);
  };

  useLayoutEffect(() => {
    const added = count !== before.current.count;
    if (added && (own || !before.current.awaiting)) anchor.current = count - 1;
    if (added && own) following.current = true;
    if (following.current) toNewest();
    else if (added) setBehind(true);
    before.current = { count, awaiting };
  }, [count, awaiting]);
  // A keyboard that slides in, or a turned phone, must not hide the newest words.
  useEffect(() => {
    const observer = new ResizeObserver(() => following.current && toNewest());
    if (log.current) observer.observe(log.current);
    return () => observer.disconnect();
  }, []);
  return { behind, follow, scrolled };
}
