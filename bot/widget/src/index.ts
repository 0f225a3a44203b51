// Registers <respite-chat>; a page without one gets a button in the corner that opens the chat.
import { RespiteChat, type Settings } from "./element";

const script = document.currentScript as HTMLScriptElement | null;

const settings: Settings = {
  server: (script?.dataset.server ?? "").replace(/\/+$/, ""),
  tokenUrl: script?.dataset.tokenUrl,
  locale: script?.dataset.locale ?? document.documentElement.lang,
};

function begin(): void {
  if (customElements.get("respite-chat")) return;
  RespiteChat.settings = settings;
  customElements.define("respite-chat", RespiteChat);
  if (document.querySelector("respite-chat")) return;
  const chat = document.createElement("respite-chat");
  chat.setAttribute("floating", "");
  document.body.append(chat);
}

if (document.body) begin();
else document.addEventListener("DOMContentLoaded", begin);
