// One socket to the bot. It reconnects by itself; what is to be sent again is the chat's business.
import { io, type Socket } from "socket.io-client";
import type { Refused, Say, ServerMessage, Turn } from "./protocol";

export interface Listener {
  connected(): void;
  disconnected(): void;
  /** The server does not take the token. */
  rejected(): void;
  message(message: ServerMessage): void;
  turn(turn: Turn): void;
  typing(): void;
  refused(refused: Refused): void;
}

// With these the server says that the token is worth nothing; anything else is worth another try.
const TOKEN_REFUSED = ["missing", "invalid", "expired"];
const FIRST_DELAY = 500;
const LONGEST_DELAY = 5000;

export class Connection {
  private socket: Socket;
  private closed = false;

  constructor(server: string, token: string, language: string, listener: Listener) {
    this.socket = io(server || location.origin, {
      path: "/chat/socket.io",
      auth: { token, language },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: FIRST_DELAY,
      reconnectionDelayMax: LONGEST_DELAY,
      forceNew: true,
    });
    this.socket.on("connect", () => listener.connected());
    this.socket.on("disconnect", (reason) => {
      listener.disconnected();
      if (reason === "io server disconnect") this.comeBack(FIRST_DELAY);
    });
    this.socket.on("connect_error", (error) => {
      if (TOKEN_REFUSED.includes(error.message)) listener.rejected();
      else {
        listener.disconnected();
        if (!this.socket.active) this.comeBack(LONGEST_DELAY);
      }
    });
    this.socket.on("message", (message: ServerMessage) => listener.message(message));
    this.socket.on("turn", (turn: Turn) => listener.turn(turn ?? {}));
    this.socket.on("typing", () => listener.typing());
    this.socket.on("refused", (refused: Refused) => listener.refused(refused));
  }

  get open(): boolean {
    return this.socket.connected;
  }

  say(say: Say): void {
    this.socket.emit("say", say);
  }

  start(language: string): void {
    this.socket.emit("start", { language });
  }

  resume(after: number): void {
    this.socket.emit("resume", { after });
  }

  language(language: string): void {
    this.socket.emit("language", { language });
  }

  close(): void {
    this.closed = true;
    this.socket.off();
    this.socket.io.reconnection(false);
    this.socket.disconnect();
  }

  /** A socket that the server closed or turned away does not come back by itself. */
  private comeBack(delay: number): void {
    setTimeout(() => !this.closed && this.socket.connect(), delay);
  }
}
