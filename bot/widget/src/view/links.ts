// Which links are made. Only an address that is written out in full, and only these two kinds.
import type { Language } from "../protocol";

// A page of our own; whatever host a text names, the link goes to our own server.
const OWN_PATH = "/chat/(?:documents|data|privacy)/[\\w.~-]*[\\w~-]";
const OWN = `(?:https?://[^\\s/]+)?${OWN_PATH}`;
// ASCII only, and no closing punctuation: what follows an address in a Chinese sentence is not part of it.
const SECURE = "https://[\\w-]+(?:\\.[\\w-]+)+(?::\\d+)?(?:/[\\w./~%?#=&+@:,-]*[\\w/~%#=&+@-])?";

const LINK = new RegExp(`(${OWN}|${SECURE})`);
const ONLY_OWN = new RegExp(`(${OWN})`);
const HOST = /^https?:\/\/[^/]+/;

/** The address of a page on our server, or nothing if it is not one of ours. */
export function documentHref(server: string, href: string): string | undefined {
  return new RegExp(`^${OWN}$`).test(href) ? server + href.replace(HOST, "") : undefined;
}

/** The address of the privacy notice. */
export function noticeHref(server: string, language: Language): string {
  return `${server}/chat/privacy/${language}`;
}

export type OwnPage = "notice" | "agreement" | "pdf" | "copy";

/** Which page of our own an address names, for it is long and says nothing to a person. */
export function ownPage(address: string): OwnPage | undefined {
  const kind = new RegExp(`^${OWN}$`).test(address) ? address.split("/chat/")[1]!.split("/")[0] : undefined;
  if (kind === "documents") return address.endsWith(".pdf") ? "pdf" : "agreement";
  return kind === "privacy" ? "notice" : kind === "data" ? "copy" : undefined;
}

/** The line in parts, those at the odd places being addresses; `trusted` text may also name other secure pages. */
export function splitByLinks(line: string, trusted: boolean): string[] {
  return line.split(trusted ? LINK : ONLY_OWN);
}

/** Where an address in a text leads. */
export function linkHref(server: string, address: string): string {
  return documentHref(server, address) ?? address;
}
