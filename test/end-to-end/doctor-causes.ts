import { doctorScenes } from './doctor-scenes.ts';
import { serverScenes } from './doctor-server-scenes.ts';

/** By rule, the real cause that brought a lab guest into the state in which the rule fires. */
export const labCauses: Readonly<Record<string, string>> = Object.fromEntries(
  [...doctorScenes, ...serverScenes]
    .flatMap(({ rules, cause }) => rules.map((rule): [string, string] => [rule, cause]))
    .reverse(),
);
