import { describe, expect, it } from 'vitest';
import { duidOf, sameMachine } from './client-id.ts';

const duid = '00:02:00:00:ab:11:43:84:cb:96:01:02';

describe('duidOf', () => {
  it('takes the DUID behind the IAID', () => {
    expect(duidOf(`FF:00:00:00:01:${duid}`)).toBe(duid);
  });

  it.each(['01:bc:24:11:00:00:01', 'ff:01', '', '*'])('finds none in %j', (text) => {
    expect(duidOf(text)).toBeUndefined();
  });
});

describe('sameMachine', () => {
  it('knows a machine by its DUID, whatever the interface', () => {
    expect(sameMachine(`ff:00:00:00:01:${duid}`, `ff:00:00:00:02:${duid}`)).toBe(true);
  });

  it('knows equal identifiers', () => {
    expect(sameMachine('01:bc:24:11:00:00:01', '01:BC:24:11:00:00:01')).toBe(true);
  });

  it('tells others apart, and never takes unknown for equal', () => {
    expect(sameMachine('01:bc:24:11:00:00:01', '01:bc:24:11:00:00:02')).toBe(false);
    expect(sameMachine(undefined, undefined)).toBe(false);
  });
});
