// Plain text as paragraphs and lines, with the links that `links.ts` allows.
import { Fragment } from "preact";
import type { Strings } from "../strings";
import { linkHref, ownPage, splitByLinks } from "./links";

interface Props {
  text: string;
  /** Not written by the borrower. */
  trusted: boolean;
  server: string;
  words: Strings;
}

export function Text({ text, ...how }: Props) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return (
    <>
      {paragraphs.map((paragraph, index) => (
        <p key={index}>
          {paragraph.split("\n").map((line, number) => (
            <Fragment key={number}>
              {number > 0 && <br />}
              <Linked line={line} {...how} />
            </Fragment>
          ))}
        </p>
      ))}
    </>
  );
}

function Linked({ line, trusted, server, words }: Omit<Props, "text"> & { line: string }) {
  return (
    <>
      {splitByLinks(line, trusted).map((part, index) =>
        index % 2 ? (
          <a key={index} href={linkHref(server, part)} target="_blank" rel="noopener noreferrer">
            {nameOf(part, words)}
            <span class="hidden">{words.newWindow}</span>
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

function nameOf(address: string, words: Strings): string {
  const page = ownPage(address);
  return page ? words.pages[page] : address;
}
