// The field for what the borrower wants to say.
import { useRef, useState } from "preact/hooks";
import type { Strings } from "../strings";
import { SendIcon } from "./icons";

const LONGEST = 2000;

interface Props {
  words: Strings;
  input: { current: HTMLTextAreaElement | null };
  refusal?: string;
  onSend(text: string): void;
}

export function Composer({ words, input, refusal, onSend }: Props) {
  const [text, setText] = useState("");
  const composing = useRef(false);
  const send = () => {
    if (!text.trim()) return;
    onSend(text.trim());
    setText("");
    input.current?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    // In an input method, Enter takes a candidate. Safari ends the composition before that key: it is 229 there.
    const choosing = event.isComposing || composing.current || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || choosing) return;
    event.preventDefault();
    send();
  };
  return (
    <form class="composer" onSubmit={(event) => (event.preventDefault(), send())}>
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="field">
        <textarea
          ref={input}
          rows={1}
          maxLength={LONGEST}
          value={text}
          aria-label={words.inputLabel}
          placeholder={words.inputHint}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
          onCompositionStart={() => (composing.current = true)}
          onCompositionEnd={() => (composing.current = false)}
          onKeyDown={keyDown}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!text.trim()}>
          <SendIcon />
        </button>
      </div>
      <p class="safety">{words.safety}</p>
    </form>
  );
}
