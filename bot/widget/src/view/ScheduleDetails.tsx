// A payment schedule: a table where it fits, else one block a payment. The roles keep it a table for screen readers
// also where its display is not that of a table.
import type { Schedule } from "../protocol";
import { ChevronIcon } from "./icons";

interface Props {
  title: string;
  name: string;
  schedule: Schedule;
}

export function ScheduleDetails({ title, name, schedule }: Props) {
  return (
    <details class="schedule">
      <summary>
        <ChevronIcon />
        {title}
      </summary>
      <div class="schedule-scroll" role="region" aria-label={`${name} ${title}`} tabIndex={0}>
        <table role="table">
          <thead role="rowgroup">
            <tr role="row">
              {schedule.head.map((title) => (
                <th role="columnheader" scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {schedule.rows.map((cells, number) => (
              <tr role="row" key={number}>
                {cells.map((cell, column) => (
                  <td role="cell" key={column} data-label={schedule.head[column]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
