// Plain text as paragraphs and lines, with the links that `links.ts` allows.
import { Fragment } from "preact";
import { linkHref, splitByLinks } from "./links";

interface Props {
  text: string;
  /** Not written by the borrower. */
  trusted: boolean;
  server: string;
  newWindow: string;
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

function Linked({ line, trusted, server, newWindow }: Omit<Props, "text"> & { line: string }) {
  return (
    <>
      {splitByLinks(line, trusted).map((part, index) =>
        index % 2 ? (
          <a key={index} href={linkHref(server, part)} target="_blank" rel="noopener noreferrer">
            {part}
            <span class="hidden">{newWindow}</span>
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
