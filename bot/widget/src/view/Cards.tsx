import type { BreakdownCard, DocumentCard, Line } from "../protocol";
import type { Strings } from "../strings";
import { DocumentIcon } from "./icons";
import { documentHref } from "./links";
import { Whole } from "./Text";

export function Lines({ lines }: { lines: Line[] }) {
  return (
    <dl class="lines">
      {lines.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Breakdown({ card }: { card: BreakdownCard }) {
  return (
    <div class="card breakdown">
      {card.title && <h3>{card.title}</h3>}
      <Lines lines={card.lines} />
      {card.note && <p class="card-note">{card.note}</p>}
    </div>
  );
}

export function DocumentLink({ card, server, words }: { card: DocumentCard; server: string; words: Strings }) {
  const href = documentHref(server, card.href);
  return (
    <div class="card document">
      <DocumentIcon />
      <div>
        {card.title && (
          <h3>
            <Whole text={card.title} />
          </h3>
        )}
        {href && (
          <a href={href} target="_blank" rel="noopener">
            {card.label}
            <span class="hidden">{words.newWindow}</span>
          </a>
        )}
      </div>
    </div>
  );
}
