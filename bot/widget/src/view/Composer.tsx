// Where the borrower answers: a field for what was asked, if it has one, and always one for their own words.
import { useRef } from "preact/hooks";
import type { InputHint, Language } from "../protocol";
import type { Strings } from "../strings";
import { AnswerField } from "./AnswerField";
import { SendIcon } from "./icons";
import { noticeHref } from "./links";

const LONGEST = 2000;

interface Props {
  words: Strings;
  language: Language;
  server: string;
  input: { current: HTMLTextAreaElement | null };
  text: string;
  /** What the open question is best answered with. */
  asked?: InputHint;
  /** The bot is about to speak. */
  awaiting: boolean;
  refusal?: string;
  onText(text: string): void;
  onSend(text: string): void;
}

export function Composer({ words, language, server, input, text, asked, awaiting, refusal, onText, onSend }: Props) {
  const hint = useLastingHint(asked, awaiting);
  const composing = useRef(false);
  const send = () => {
    if (!text.trim()) return;
    onSend(text.trim());
    onText("");
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
    <div class="composer">
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      {hint && (
        <AnswerField
          key={hint.type}
          hint={hint}
          open={asked !== undefined}
          language={language}
          words={words}
          onSend={onSend}
          onLeave={() => focusWithoutKeyboard(input.current)}
        />
      )}
      <form class="field" onSubmit={(event) => (event.preventDefault(), send())}>
        <textarea
          ref={input}
          rows={1}
          maxLength={LONGEST}
          value={text}
          aria-label={words.inputLabel}
          placeholder={hint ? words.otherWords : words.inputHint}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => onText(event.currentTarget.value)}
          onCompositionStart={() => (composing.current = true)}
          onCompositionEnd={() => (composing.current = false)}
          onKeyDown={keyDown}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!text.trim()}>
          <SendIcon />
        </button>
      </form>
      <p class="safety">
        {words.safety}{" "}
        <a href={noticeHref(server, language)} target="_blank" rel="noopener">
          {words.privacy}
          <span class="hidden">{words.newWindow}</span>
        </a>
      </p>
    </div>
  );
}

/** The field stays between two questions of a kind, so that neither it nor the focus jumps. */
function useLastingHint(asked: InputHint | undefined, awaiting: boolean): InputHint | undefined {
  const last = useRef<InputHint | undefined>(undefined);
  last.current = asked ?? (awaiting ? last.current : undefined);
  return last.current;
}

/** What had the focus is gone or disabled; where a field has no on-screen keyboard, the focus moves there. */
export function focusWithoutKeyboard(field: HTMLElement | null): void {
  if (matchMedia("(pointer: fine)").matches) field?.focus({ preventScroll: true });
}
