// The conversation: what the borrower says goes into a queue and stays there until its turn is over.
import { Connection, type Listener } from "./connection";
import type { Button, Language, Refused, ServerMessage, Turn } from "./protocol";
import { keep, recall, requestToken, SessionRefused, type Door } from "./session";
import { Transcript, underWay, type Entry } from "./transcript";

const PATIENCE = 60_000;
// From here on a wait feels long, and dots alone say too little.
const NOTICEABLE = 1500;
const RETRY_DELAY = 3000;

export class Chat implements Listener {
  transcript = new Transcript();
  online = false;
  begun = false;
  /** Why the last message was turned down, until the next one is sent. */
  refusal?: Refused;
  language: Language;
  private connection?: Connection;
  private typingSeen = false;
  /** No answer for so long that it may be lost. */
  impatient = false;
  private slow = false;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private epoch = 0;
  private rejections = 0;

  constructor(
    private door: Door,
    first: Language,
    private changed: () => void,
  ) {
    this.language = recall().language ?? first;
  }

  /** Joins the conversation of this tab, or begins one. */
  async open(): Promise<void> {
    const epoch = this.epoch;
    const previous = recall().token;
    this.begun = true;
    try {
      const token = await requestToken(this.door, previous);
      if (epoch === this.epoch) this.join(token);
    } catch (error) {
      const over = previous !== undefined && error instanceof SessionRefused && error.final;
      if (over) keep({ token: undefined, greeted: false, mark: undefined });
      else await pause();
      if (epoch === this.epoch) void this.open();
    }
  }

  close(): void {
    this.epoch += 1;
    this.timers.forEach(clearTimeout);
    this.connection?.close();
    this.connection = undefined;
    this.online = false;
  }

  /** Forgets this conversation in this tab and begins a new one. */
  clear(): void {
    this.close();
    this.transcript = new Transcript();
    this.refusal = undefined;
    this.typingSeen = false;
    keep({ token: undefined, greeted: false, mark: undefined });
    this.changed();
    void this.open();
  }

  sayText(text: string): void {
    this.say({ text });
  }

  press(button: Button): void {
    this.say({ payload: button.payload, title: button.title });
  }

  /** Sends once more what was turned down or not answered. The server counts it once. */
  retry(entry: Entry): void {
    this.refusal = undefined;
    if (entry.delivery === "refused") this.transcript.again(entry.id!);
    this.send(entry);
    this.watch();
    this.changed();
  }

  /** Takes back a message that was turned down, to be put another way. */
  takeBack(entry: Entry): void {
    this.refusal = undefined;
    this.transcript.takeBack(entry.id!);
    this.changed();
  }

  switchTo(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    keep({ language, switching: true });
    if (this.connection?.open) {
      this.connection.language(language);
      this.typing();
    }
    this.changed();
  }

  /** The bot owes an answer, or its first word, and the line is up. */
  get awaiting(): boolean {
    if (!this.online || this.impatient) return false;
    const first = this.transcript.entries.length === 0;
    return first || this.typingSeen || this.transcript.waiting().length > 0;
  }

  /** What takes the bot noticeably long at the moment, if it is more than an answer. */
  get busyWith(): "options" | undefined {
    return this.awaiting && this.slow ? underWay(this.transcript.entries) : undefined;
  }

  connected(): void {
    this.online = true;
    this.rejections = 0;
    // Asked again until the bot has finished: a server that went down meanwhile knows nothing of it.
    const { greeted, switching } = recall();
    if (!greeted) this.connection?.start(this.language);
    this.connection?.resume(this.transcript.lastWithoutGap());
    if (greeted && switching) this.connection?.language(this.language);
    for (const entry of this.transcript.waiting()) this.send(entry);
    this.watch();
    this.changed();
  }

  disconnected(): void {
    this.online = false;
    this.typingSeen = false;
    this.changed();
  }

  rejected(): void {
    this.disconnected();
    this.connection?.close();
    this.connection = undefined;
    this.rejections += 1;
    void this.renew(this.rejections > 1);
  }

  message(message: ServerMessage): void {
    if (message.author === "person") this.typingSeen = false;
    this.transcript.receive(message);
    this.changed();
  }

  turn(turn: Turn): void {
    this.typingSeen = false;
    if (turn.id === "start") keep({ greeted: true, switching: false });
    if (turn.id === "language") keep({ switching: false });
    this.transcript.settle(turn.id);
    this.changed();
  }

  typing(): void {
    this.typingSeen = true;
    this.watch();
    this.changed();
  }

  refused(refused: Refused): void {
    if (refused.reason === "expired") return this.rejected();
    if (refused.id) {
      this.transcript.refuse(refused.id, refused.reason);
      this.refusal = refused;
    } else {
      // Not a message but the history was refused, for being asked too often: later, then.
      setTimeout(() => this.connection?.open && this.connection.resume(this.transcript.lastWithoutGap()), RETRY_DELAY);
    }
    this.changed();
  }

  private say({ text, payload, title }: { text?: string; payload?: string; title?: string }): void {
    const id = newId();
    this.refusal = undefined;
    this.transcript.addOwn({
      id,
      text: text ?? title,
      payload,
      lang: this.language,
      at: new Date().toISOString(),
    });
    this.send({ id, text, payload });
    this.watch();
    this.changed();
  }

  private send({ id, text, payload }: Pick<Entry, "id" | "text" | "payload">): void {
    if (id && this.connection?.open) this.connection.say(payload ? { id, payload } : { id, text });
  }

  private join(token: string): void {
    keep({ token });
    this.connection = new Connection(this.door.server, token, this.language, this);
  }

  /** A refused token is renewed; if that does not help, or the server knows it no more, a new conversation begins. */
  private async renew(fresh: boolean): Promise<void> {
    const epoch = this.epoch;
    if (this.rejections > 1) await pause();
    try {
      const token = await requestToken(this.door, fresh ? undefined : recall().token);
      if (epoch !== this.epoch) return;
      if (fresh) this.startOver();
      this.join(token);
    } catch (error) {
      const over = error instanceof SessionRefused && error.final;
      if (!over) await pause();
      if (epoch === this.epoch) void this.renew(fresh || over);
    }
  }

  private startOver(): void {
    keep({ greeted: false });
    this.transcript.startOver();
  }

  /** A long wait is explained; an indicator that never ends says something untrue, so after a while it stops. */
  private watch(): void {
    this.slow = this.impatient = false;
    this.timers.forEach(clearTimeout);
    this.timers = [
      setTimeout(() => {
        this.slow = true;
        this.changed();
      }, NOTICEABLE),
      setTimeout(() => {
        this.impatient = true;
        this.changed();
      }, PATIENCE),
    ];
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_DELAY));

function newId(): string {
  // randomUUID exists only on secure origins.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
