// The custom element: a shadow root with adopted style sheets around the app.
import { render } from "preact";
import { Chat } from "./chat";
import type { Door } from "./session";
import { languageOf } from "./strings";
import base from "./styles/base.css";
import cards from "./styles/cards.css";
import chatStyles from "./styles/chat.css";
import { App } from "./view/App";

export interface Settings extends Door {
  locale: string;
}

/** Sends `respite-language` (detail: "zh" or "en") when the borrower switches, so that the page can follow. */
export class RespiteChat extends HTMLElement {
  static settings: Settings = { server: "", locale: "zh-CN" };
  private chat?: Chat;
  private opened = false;

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [base, chatStyles, cards].map(sheet);
    const first = languageOf(this.getAttribute("locale") ?? RespiteChat.settings.locale);
    this.chat = new Chat(RespiteChat.settings, first, () => this.draw());
    if (!this.floating) this.open();
    this.draw();
  }

  disconnectedCallback(): void {
    this.chat?.close();
    if (this.shadowRoot) render(null, this.shadowRoot);
    this.chat = undefined;
    this.opened = false;
  }

  private get floating(): boolean {
    return this.hasAttribute("floating");
  }

  private open(): void {
    this.opened = true;
    this.toggleAttribute("open", true);
    // Opened a second time, the chat is still there.
    if (!this.chat?.begun) void this.chat?.open();
    this.draw();
  }

  private hide(): void {
    this.opened = false;
    this.toggleAttribute("open", false);
    this.draw();
  }

  private draw(): void {
    if (!this.chat || !this.shadowRoot) return;
    const { language } = this.chat;
    if (this.dataset.language !== language) {
      this.dataset.language = language;
      this.dispatchEvent(new CustomEvent("respite-language", { detail: language, bubbles: true, composed: true }));
    }
    render(
      <App
        chat={this.chat}
        server={RespiteChat.settings.server}
        floating={this.floating}
        opened={this.opened}
        onOpen={() => this.open()}
        onHide={() => this.hide()}
      />,
      this.shadowRoot,
    );
  }
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
