/** The cold treatments of a container. */

import { pathOf } from "../shared/api/client.ts";
import { fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute, moment } from "../shared/format/times.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import type { Run, Treatment } from "./treatment.ts";

const NUMBERS = new Set(["Level, °C", "Done, h", "Left, h"]);

interface Properties {
  terminal: string;
  container: string;
  treatments: readonly Treatment[];
}

export function Treatments({ terminal, container, treatments }: Properties) {
  const runs = treatments.flatMap((one) => one.runs.map((run): [string, Run] => [one.schedule, run]));
  const problems = treatments.flatMap(({ schedule, problem }) => (problem === null ? [] : [`${schedule} cannot be followed: ${problem}`]));
  if (runs.length + problems.length === 0) return null;
  return (
    <>
      <h3>Cold treatment</h3>
      {problems.map((one) => (
        <p key={one} class="odd">
          ⚠ {one}
        </p>
      ))}
      {runs.length === 0 ? null : <RunTable runs={runs} />}
      {runs.length === 0 ? null : <a href={`/api/v1/${pathOf("treatments", terminal, container, "certificate.pdf")}`}>Certificate (PDF)</a>}
    </>
  );
}

function RunTable({ runs }: { runs: readonly [string, Run][] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Cold treatment">
      <table>
        <Head names={["Schedule", timed("Began"), "Verdict", "Level, °C", "Done, h", "Left, h", "Breach"]} numbers={NUMBERS} />
        <tbody>
          {runs.map(([schedule, run]) => (
            <tr key={`${schedule}/${run.beganAt}`} data-verdict={run.verdict}>
              <th scope="row">{schedule}</th>
              <td>{dayMinute(run.beganAt)}</td>
              <td>{run.verdict}</td>
              <NumberCell>{fixed(run.levelDegc, 2)}</NumberCell>
              <NumberCell>{fixed(run.doneH, 1)}</NumberCell>
              <NumberCell>{fixed(run.leftH, 1)}</NumberCell>
              <td>{run.breachAt === null ? NOTHING : `${moment(run.breachAt)}, ${run.breachSensor ?? "a probe"}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
