import { useRef } from "preact/hooks";
import type { Chat } from "../chat";
import type { Language } from "../protocol";
import type { Strings } from "../strings";
import { CloseIcon, TrashIcon } from "./icons";

const LANGUAGES: { code: Language; name: string; tag: string }[] = [
  { code: "zh", name: "中文", tag: "zh-CN" },
  { code: "en", name: "English", tag: "en" },
];

interface Props {
  chat: Chat;
  words: Strings;
  onHide?: () => void;
}

export function Header({ chat, words, onHide }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <header class="header">
      <div class="title">
        <h2>{words.name}</h2>
        <p>{words.bot}</p>
      </div>
      <div class="tools">
        <div class="languages" role="group" aria-label={words.languageSwitch}>
          {LANGUAGES.map(({ code, name, tag }) => (
            <button
              type="button"
              key={code}
              lang={tag}
              aria-pressed={chat.language === code}
              onClick={() => chat.switchTo(code)}
            >
              {name}
            </button>
          ))}
        </div>
        <button type="button" class="tool" title={words.clear} aria-label={words.clear} onClick={() => dialog.current?.showModal()}>
          <TrashIcon />
        </button>
        {onHide && (
          <button type="button" class="tool" title={words.close} aria-label={words.close} onClick={onHide}>
            <CloseIcon />
          </button>
        )}
      </div>
      <ClearDialog words={words} dialog={dialog} onClear={() => chat.clear()} />
    </header>
  );
}

interface DialogProps {
  words: Strings;
  dialog: { current: HTMLDialogElement | null };
  onClear(): void;
}

function ClearDialog({ words, dialog, onClear }: DialogProps) {
  const close = () => dialog.current?.close();
  const clear = () => {
    close();
    onClear();
  };
  return (
    <dialog ref={dialog} aria-labelledby="clear-title" aria-describedby="clear-text">
      <h3 id="clear-title">{words.clearTitle}</h3>
      <p id="clear-text">{words.clearText}</p>
      <div class="dialog-buttons">
        <button type="button" class="secondary" onClick={close}>
          {words.clearNo}
        </button>
        <button type="button" class="primary" onClick={clear}>
          {words.clearYes}
        </button>
      </div>
    </dialog>
  );
}
