// Plain text as paragraphs and lines; links only to our own documents.
import { Fragment } from "preact";
import { DOCUMENT_PATH } from "./links";

interface Props {
  text: string;
  server: string;
  newWindow: string;
}

export function Text({ text, server, newWindow }: Props) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return (
    <>
      {paragraphs.map((paragraph, index) => (
        <p key={index}>
          {paragraph.split("\n").map((line, number) => (
            <Fragment key={number}>
              {number > 0 && <br />}
              <Linked line={line} server={server} newWindow={newWindow} />
            </Fragment>
          ))}
        </p>
      ))}
    </>
  );
}

const DOCUMENT_URL = new RegExp(`((?:https?://[^\\s/]+)?${DOCUMENT_PATH})`);

function Linked({ line, server, newWindow }: { line: string; server: string; newWindow: string }) {
  // A split by one group puts what matched at the odd places.
  return (
    <>
      {line.split(DOCUMENT_URL).map((part, index) =>
        index % 2 ? (
          <a key={index} href={server + part.replace(/^https?:\/\/[^/]+/, "")} target="_blank" rel="noopener">
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
