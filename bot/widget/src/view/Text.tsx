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

const BULLET = "\u00b7 ";
// References and telephone numbers are read out or copied whole, so no line ends within one.
const WHOLE = /((?:[A-Z]{2,}|\d{3,4})(?:-[A-Z\d]{3,}){1,3})/;

export function Text({ text, ...how }: Props) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return (
    <>
      {paragraphs.flatMap((paragraph, index) =>
        blocksOf(paragraph.split("\n")).map((lines, number) => (
          <Block key={`${index}.${number}`} lines={lines} apart={index > 0 && number === 0} {...how} />
        )),
      )}
    </>
  );
}

/** Runs of lines with a dot before them, and of lines without. */
function blocksOf(lines: string[]): string[][] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks[blocks.length - 1];
    if (last && isItem(last[0]!) === isItem(line)) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function Block({ lines, apart, ...how }: Omit<Props, "text"> & { lines: string[]; apart: boolean }) {
  const space = apart ? "apart" : undefined;
  if (isItem(lines[0]!)) {
    return (
      <ul class={space}>
        {lines.map((line, number) => (
          <li key={number}>
            <Linked line={line.slice(BULLET.length)} {...how} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <p class={space}>
      {lines.map((line, number) => (
        <Fragment key={number}>
          {number > 0 && <br />}
          <Linked line={line} {...how} />
        </Fragment>
      ))}
    </p>
  );
}

const isItem = (line: string) => line.startsWith(BULLET);

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
          <Whole key={index} text={part} />
        ),
      )}
    </>
  );
}

/** Text on whose lines no reference and no telephone number is divided. */
export function Whole({ text }: { text: string }) {
  return (
    <>
      {text.split(WHOLE).map((piece, place) =>
        place % 2 ? (
          <span key={place} class="whole">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </>
  );
}

function nameOf(address: string, words: Strings): string {
  const page = ownPage(address);
  return page ? words.pages[page] : address;
}
