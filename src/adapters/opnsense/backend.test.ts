import { describe, expect, it } from 'vitest';
import {
  response,
  type ScriptedResponse,
  scriptedOpnsense,
} from '../../../test/support/scripted-opnsense.ts';
import { findBackend } from './backend.ts';

const { signal } = new AbortController();
const forbidden = response(403, { status: 403, message: 'Forbidden' });
const dnsmasq = (enable: string, ranges: unknown) => ({
  body: { dnsmasq: { enable, port: '53053', dhcp_ranges: ranges } },
});
const kea = (enabled: string) => ({ body: { dhcpv4: { general: { enabled } } } });
const isc = (status: string) => ({ body: { status } });

function find(answers: Readonly<Record<string, ScriptedResponse | undefined>>) {
  const paths: Readonly<Record<string, string>> = {
    'GET /dnsmasq/settings/get': 'dnsmasq',
    'GET /kea/dhcpv4/get': 'kea',
    'GET /dhcpv4/service/status': 'isc',
  };
  const { api } = scriptedOpnsense((key) => answers[paths[key] ?? '']);
  return findBackend(api, signal);
}

describe('what hands out the leases', () => {
  const ranges = { 'a-uuid': { interface: {}, domain: '' } };

  it.each<[string, Parameters<typeof find>[0], string]>([
    ['Dnsmasq with a range', { dnsmasq: dnsmasq('1', ranges), kea: kea('0') }, 'dnsmasq'],
    ['Dnsmasq, while Kea may not be seen', { dnsmasq: dnsmasq('1', ranges), kea: forbidden }, 'dnsmasq'],
    ['Kea, while Dnsmasq only answers DNS', { dnsmasq: dnsmasq('1', []), kea: kea('1') }, 'kea'],
    ['Kea, while Dnsmasq is off', { dnsmasq: dnsmasq('0', ranges), kea: kea('1') }, 'kea'],
    ['Kea, while Dnsmasq may not be seen', { dnsmasq: forbidden, kea: kea('1') }, 'kea'],
    ['Kea in a version without the other', { kea: kea('1') }, 'kea'],
  ])('is %s', async (_what, answers, backend) => {
    await expect(find(answers)).resolves.toBe(backend);
  });

  it.each<[string, Parameters<typeof find>[0], string, string]>([
    ['both are on', { dnsmasq: dnsmasq('1', ranges), kea: kea('1') }, 'configuration-invalid', 'backend'],
    [
      'it is ISC',
      { dnsmasq: dnsmasq('1', []), kea: kea('0'), isc: isc('running') },
      'unsupported',
      'Services: Kea',
    ],
    [
      'it is ISC, whatever may be seen',
      { dnsmasq: forbidden, isc: isc('running') },
      'unsupported',
      'ISC DHCP left',
    ],
    [
      'it is nobody',
      { dnsmasq: dnsmasq('0', []), kea: kea('0'), isc: isc('stopped') },
      'unsupported',
      'Switch one',
    ],
    [
      'ISC may not be seen',
      { dnsmasq: dnsmasq('0', []), kea: kea('0'), isc: forbidden },
      'unsupported',
      'Switch one',
    ],
    [
      'Dnsmasq may not be seen',
      { dnsmasq: forbidden, kea: kea('0') },
      'permission-refused',
      'page-services-dnsforwarder',
    ],
    [
      'Kea may not be seen',
      { dnsmasq: dnsmasq('0', []), kea: forbidden },
      'permission-refused',
      'page-dhcp-kea-v4',
    ],
  ])('says what to do where %s', async (_what, answers, code, hint) => {
    await expect(find(answers)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  it.each([
    ['the key is wrong', response(401, { status: 401 }), 'authentication-refused'],
    ['it answers with a page', response(200, '<html>'), 'bad-response'],
    ['it answers with an empty list', { body: [] }, 'bad-response'],
  ])('is not known where %s', async (_what, answer, code) => {
    await expect(find({ dnsmasq: answer, kea: kea('1') })).rejects.toMatchObject({ code });
  });
});
