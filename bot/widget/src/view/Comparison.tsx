// On a phone plans stand one below the other; this puts their figures beside each other, one kind at a time.
// The roles keep it a table for screen readers, whatever its display.
import type { Offer } from "../protocol";

// More columns cannot be read on a phone.
const MOST = 3;

/** What all plans state, in the order of the first; nothing when there is nothing to compare on a phone. */
export function comparable(offers: Offer[]): string[] {
  const [first, ...others] = offers;
  if (!first || others.length === 0 || offers.length > MOST) return [];
  const labels = first.lines.map((line) => line.label);
  return labels.filter((label) => others.every((offer) => valueOf(offer, label) !== undefined));
}

export function Comparison({ offers, labels, title }: { offers: Offer[]; labels: string[]; title: string }) {
  return (
    <table class={`card compare of-${offers.length}`} role="table" aria-label={title}>
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell" class="corner" />
          {offers.map((offer) => (
            <th role="columnheader" scope="col" key={offer.option}>
              <span>{offer.badge}</span> {offer.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {labels.map((label) => (
          <tr role="row" key={label}>
            <th role="rowheader" scope="row">
              {label}
            </th>
            {offers.map((offer) => (
              <td role="cell" key={offer.option} data-label={offer.badge}>
                {valueOf(offer, label)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function valueOf(offer: Offer, label: string): string | undefined {
  return offer.lines.find((line) => line.label === label)?.value;
}
