// Plans to compare: beside each other where there is room, on a phone in a table above what is said of each.
import type { Button, Offer, OffersCard } from "../protocol";
import type { Strings } from "../strings";
import { Lines } from "./Cards";
import { comparable, Comparison } from "./Comparison";
import { CheckIcon } from "./icons";
import { ScheduleDetails } from "./ScheduleDetails";

interface Props {
  card: OffersCard;
  /** A sentence before it has said what it is. */
  introduced: boolean;
  state: { open: boolean; chosen?: Button };
  words: Strings;
  onPress(button: Button): void;
}

export function Offers({ card, introduced, state, words, onPress }: Props) {
  const labels = comparable(card.offers);
  return (
    <div class={labels.length > 0 ? "offers compared" : "offers"}>
      {card.title && <h3 class={introduced ? "hidden" : ""}>{card.title}</h3>}
      {labels.length > 0 && <Comparison offers={card.offers} labels={labels} title={words.comparison} />}
      <ul class={`offer-list count-${Math.min(card.offers.length, 3)}`}>
        {card.offers.map((offer) => (
          <OfferCard key={offer.option} offer={offer} state={state} words={words} onPress={onPress} />
        ))}
      </ul>
      {card.refusals && card.refusals.items.length > 0 && <Refusals refusals={card.refusals} />}
    </div>
  );
}

type OfferProps = Omit<Props, "card" | "introduced"> & { offer: Offer };

function OfferCard({ offer, state, words, onPress }: OfferProps) {
  const chosen = offer.button !== undefined && offer.button === state.chosen;
  return (
    <li class={`card offer ${chosen ? "chosen" : ""}`}>
      <div class="offer-head">
        <p class="option">{offer.badge ?? `${words.option} ${offer.option}`}</p>
        <h4>{offer.name}</h4>
      </div>
      <Lines lines={offer.lines} />
      {offer.notes && offer.notes.length > 0 && (
        <ul class="card-note">
          {offer.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {offer.schedule && (
        <ScheduleDetails title={offer.schedule_title ?? words.schedule} name={offer.name} schedule={offer.schedule} />
      )}
      {offer.button && (
        <button type="button" class={chosen ? "choose chosen" : "choose"} disabled={!state.open} onClick={() => onPress(offer.button!)}>
          {chosen && <CheckIcon />}
          {offer.button.title}
          {chosen && <span class="hidden"> ({words.chosen})</span>}
        </button>
      )}
    </li>
  );
}

function Refusals({ refusals }: { refusals: NonNullable<OffersCard["refusals"]> }) {
  return (
    <div class="refusals">
      <h4>{refusals.title}</h4>
      <ul>
        {refusals.items.map(({ name, reason }) => (
          <li key={name}>
            <strong>{name}</strong>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
