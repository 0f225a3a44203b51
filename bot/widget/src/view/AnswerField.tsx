// A field for an amount, a date or a code: what is entered is sent as the words it stands for.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { InputHint, Language } from "../protocol";
import { spokenDay, type Strings } from "../strings";

interface Props {
  hint: InputHint;
  /** The question waits for an answer; between two questions the field stays, and takes nothing. */
  open: boolean;
  language: Language;
  words: Strings;
  onSend(text: string): void;
  /** The field goes away while it has the focus. */
  onLeave(): void;
}

export function AnswerField({ hint, open, language, words, onSend, onLeave }: Props) {
  const [value, setValue] = useState("");
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const own = words.answers[hint.type === "date" && hint.past ? "pastDate" : hint.type];
  const latest = hint.past ? today() : undefined;

  const send = (event: Event) => {
    event.preventDefault();
    if (!open) return;
    const text = READ[hint.type](value, language);
    const late = latest !== undefined && value > latest;
    setWrong(!text || late);
    input.current?.focus();
    if (!text || late) return;
    setValue("");
    onSend(text);
  };
  useEffect(() => setWrong(false), [open]);
  useLayoutEffect(
    () => () => {
      const root = input.current?.getRootNode() as ShadowRoot | undefined;
      if (root?.activeElement === input.current) onLeave();
    },
    [],
  );

  return (
    <form class="answer" noValidate onSubmit={send}>
      <label for="answer">{own.label}</label>
      <div class="answer-row">
        <div class={`answer-box ${hint.type}`}>
          {hint.type === "amount" && <span aria-hidden="true">¥</span>}
          <input
            id="answer"
            ref={input}
            {...(hint.type === "date" ? { type: "date" } : { type: "text" })}
            inputMode={hint.type === "amount" ? "decimal" : "numeric"}
            autocomplete={hint.type === "code" ? "one-time-code" : "off"}
            max={latest}
            value={value}
            readOnly={!open}
            aria-invalid={wrong}
            aria-describedby={wrong ? "answer-wrong" : undefined}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="primary" aria-disabled={!open}>
          {own.send}
        </button>
      </div>
      {wrong && (
        <p class="wrong" id="answer-wrong" role="alert">
          {own.wrong}
        </p>
      )}
    </form>
  );
}

/** What was entered as the words to send, or nothing when it is not what the field is for. */
const READ: Record<InputHint["type"], (value: string, language: Language) => string | undefined> = {
  amount(value) {
    // With the sign, so that a small amount is not taken for the number of an option.
    const plain = halfWidth(value).replace(/[,，¥元]/g, "").replace("。", ".");
    return /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? `¥${plain}` : undefined;
  },
  date: (value, language) => (value ? spokenDay(value, language) : undefined),
  code(value) {
    const plain = halfWidth(value);
    return /^\d+$/.test(plain) ? plain : undefined;
  },
};

/** Without blanks, and with the wide digits that an input method may write as plain ones. */
function halfWidth(value: string): string {
  return value.normalize("NFKC").replace(/\s/g, "");
}

/** The borrower's own day, as a date field writes it. */
function today(): string {
  const now = new Date();
  const two = (number: number) => `${number}`.padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
