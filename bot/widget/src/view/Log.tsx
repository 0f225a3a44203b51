// The conversation itself: a live region that follows the newest message unless the borrower scrolled up.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { Button } from "../protocol";
import type { Strings } from "../strings";
import { DownIcon } from "./icons";
import { Message } from "./Message";

interface Props {
  chat: Chat;
  words: Strings;
  server: string;
  onPress(button: Button): void;
}

const EDGE = 24;

export function Log({ chat, words, server, onPress }: Props) {
  const { entries } = chat.transcript;
  const log = useRef<HTMLDivElement>(null);
  const own = entries.at(-1)?.author === "borrower";
  const { behind, follow, scrolled } = useFollowing(log, entries.length, chat.awaiting, own);
  return (
    <div class="log-frame">
      <div class="log" ref={log} tabIndex={0} role="log" aria-live="polite" aria-label={words.log} onScroll={scrolled}>
        {entries.length === 0 && <p class="empty">{words.empty}</p>}
        {entries.map((entry, at) => (
          <Message key={entry.key} entries={entries} at={at} words={words} server={server} online={chat.online} onPress={onPress} />
        ))}
        {chat.awaiting && entries.length > 0 && <Typing words={words} />}
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

function Typing({ words }: { words: Strings }) {
  return (
    <p class="typing">
      <span class="hidden">{words.typing}</span>
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    </p>
  );
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
