import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { strings, type Strings } from "../strings";
import { askedInput, personIsHere, type Entry } from "../transcript";
import { Composer, focusWithoutKeyboard } from "./Composer";
import { Header } from "./Header";
import { ChatIcon, PersonIcon } from "./icons";
import { Log } from "./Log";

interface Props {
  chat: Chat;
  server: string;
  floating: boolean;
  opened: boolean;
  onOpen(): void;
  onHide(): void;
}

export function App({ chat, server, floating, opened, onOpen, onHide }: Props) {
  const words = strings[chat.language];
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpened = useRef(opened);
  const input = useRef<HTMLTextAreaElement>(null);
  // Kept here, so that a draft outlives a closed window.
  const [text, setText] = useState("");

  // Focus goes into the chat when it opens, and back to its button when it closes.
  useLayoutEffect(() => {
    if (floating && opened !== wasOpened.current) (opened ? input : launcher).current?.focus();
    wasOpened.current = opened;
  }, [opened]);

  if (floating && !opened) {
    return (
      <button class="launcher" type="button" ref={launcher} lang={words.locale} onClick={onOpen}>
        <ChatIcon />
        {words.open}
      </button>
    );
  }
  const press = (button: { title: string; payload: string }) => {
    chat.press(button);
    focusWithoutKeyboard(input.current);
  };
  const retry = (entry: Entry) => {
    chat.retry(entry);
    focusWithoutKeyboard(input.current);
  };
  const edit = (entry: Entry) => {
    chat.takeBack(entry);
    setText(entry.text ?? "");
    input.current?.focus();
  };
  return (
    <section class="chat" lang={words.locale} aria-label={words.name}>
      <Header chat={chat} words={words} onHide={floating ? onHide : undefined} />
      <Banners chat={chat} words={words} />
      <Log chat={chat} words={words} server={server} onPress={press} onRetry={retry} onEdit={edit} />
      <Composer
        words={words}
        language={chat.language}
        server={server}
        input={input}
        text={text}
        asked={askedInput(chat.transcript.entries)}
        awaiting={chat.awaiting}
        refusal={chat.refusal && (chat.refusal.text ?? words.refused)}
        onText={setText}
        onSend={(text) => chat.sayText(text)}
      />
    </section>
  );
}

function Banners({ chat, words }: { chat: Chat; words: Strings }) {
  const interrupted = !chat.online && chat.begun && chat.transcript.entries.length > 0;
  return (
    <div class="banners" role="status">
      {interrupted && (
        <p class="banner connection">
          <span class="pulse" aria-hidden="true" />
          {words.connecting}
        </p>
      )}
      {personIsHere(chat.transcript.entries) && (
        <p class="banner person">
          <PersonIcon />
          {words.personHere}
        </p>
      )}
    </div>
  );
}
