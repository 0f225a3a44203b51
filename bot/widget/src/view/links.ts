// Which links are made. Only an address that is written out in full, and only these two kinds.
import type { Language } from "../protocol";

// A page of our own; whatever host a text names, the link goes to our own server.
const OWN_PATH = "/chat/(?:documents|data|privacy)/[\\w.~-]*[\\w~-]";
const OWN = `(?:https?://[^\\s/]+)?${OWN_PATH}`;
// ASCII only, and no closing punctuation: what follows an address in a Chinese sentence is not part of it.
const SECURE = "https://[\\w-]+(?:\\.[\\w-]+)+(?::\\d+)?(?:/[\\w./~%?#=&+@:,-]*[\\w/~%#=&+@-])?";

const LINK = new RegExp(`(${OWN}|${SECURE})`);
const ONLY_OWN = new RegExp(`(${OWN})`);
const NOTICE = /\/chat\/privacy\/[a-z]+$/;
const HOST = /^https?:\/\/[^/]+/;

/** The address of a page on our server, or nothing if it is not one of ours. */
export function documentHref(server: string, href: string): string | undefined {
  return new RegExp(`^${OWN}$`).test(href) ? server + href.replace(HOST, "") : undefined;
}

/** The address of the privacy notice. */
export function noticeHref(server: string, language: Language): string {
  return `${server}/chat/privacy/${language}`;
}

/** Whether an address is that of the privacy notice. */
export function isNotice(address: string): boolean {
  return NOTICE.test(address);
}

/** The line in parts, those at the odd places being addresses; `trusted` text may also name other secure pages. */
export function splitByLinks(line: string, trusted: boolean): string[] {
  return line.split(trusted ? LINK : ONLY_OWN);
}

/** Where an address in a text leads. */
export function linkHref(server: string, address: string): string {
  return documentHref(server, address) ?? address;
}
