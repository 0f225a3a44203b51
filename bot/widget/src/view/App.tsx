import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../chat";
import { strings, type Strings } from "../strings";
import { Composer } from "./Composer";
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
  return (
    <section class="chat" lang={words.locale} aria-label={words.name}>
      <Header chat={chat} words={words} onHide={floating ? onHide : undefined} />
      <Banners chat={chat} words={words} />
      <Log chat={chat} words={words} server={server} onPress={press} />
      <Composer
        words={words}
        input={input}
        refusal={chat.refusal && (chat.refusal.text ?? words.refused)}
        onSend={(text) => chat.sayText(text)}
      />
    </section>
  );
}

/** The pressed button is disabled now; where a field has no on-screen keyboard, the focus moves there. */
function focusWithoutKeyboard(field: HTMLElement | null): void {
  if (matchMedia("(pointer: fine)").matches) field?.focus({ preventScroll: true });
}

function Banners({ chat, words }: { chat: Chat; words: Strings }) {
  const others = chat.transcript.entries.filter((entry) => entry.author !== "borrower");
  const person = others.at(-1)?.author === "person";
  const interrupted = !chat.online && chat.begun && chat.transcript.entries.length > 0;
  return (
    <div class="banners" role="status">
      {interrupted && (
        <p class="banner connection">
          <span class="pulse" aria-hidden="true" />
          {words.connecting}
        </p>
      )}
      {person && (
        <p class="banner person">
          <PersonIcon />
          {words.personHere}
        </p>
      )}
    </div>
  );
}
