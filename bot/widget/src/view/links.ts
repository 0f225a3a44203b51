/** The path of a document of ours; whatever host a text names, the link goes to our own server. */
export const DOCUMENT_PATH = "/chat/documents/[\\w.~-]*[\\w~-]";

/** The address of a document on our server, or nothing if it is not one of ours. */
export function documentHref(server: string, href: string): string | undefined {
  const path = new RegExp(`^(?:https?://[^\\s/]+)?(${DOCUMENT_PATH})$`).exec(href)?.[1];
  return path && server + path;
}
