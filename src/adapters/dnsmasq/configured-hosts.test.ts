import { describe, expect, it } from 'vitest';
import type { Mac } from '../../domain/mac.ts';
import { reservationOf } from '../../domain/reservation.ts';
import { parseCollected } from './collect.ts';
import { configuredHosts } from './configured-hosts.ts';

const mac = 'bc:24:11:00:00:01' as Mac;
const main = '/usr/local/etc/dnsmasq.conf';

function read(...lines: string[]) {
  const collected = parseCollected(`${[...lines, 'end'].join('\n')}\n`);
  if (collected === undefined) throw new Error('not whole');
  return configuredHosts(collected);
}

/** The names that are reserved, in order. */
function names(...lines: string[]): (string | undefined)[] {
  return read(...lines).reservations.map(({ name }) => name);
}

const line = (name: string) => `=dhcp-host=${mac},${name}`;

describe('configuredHosts', () => {
  it('reads the files in their order, and tells where each line stands', () => {
    const folder = '/usr/local/etc/dnsmasq.conf.d';
    const { reservations } = read(
      'P',
      `=conf-file=${main}`,
      `C${main}`,
      line('one'),
      `=conf-dir=${folder},*.conf`,
      line('four'),
      `C${folder}/b.conf`,
      line('three'),
      `C${folder}/a.conf`,
      line('two'),
    );

    expect(reservations.map(({ name }) => name)).toEqual(['one', 'two', 'three', 'four']);
    expect(reservationOf(reservations, mac)).toEqual({ mac, name: 'four', file: main });
    expect(reservations[1]?.file).toBe(`${folder}/a.conf`);
  });

  it('reads the first file of the command line after all of its other options', () => {
    const given = ['P', '=conf-file=/a', '=conf-file=/b', line('line'), 'C/a', line('a'), 'C/b', line('b')];

    expect(names(...given)).toEqual(['b', 'line', 'a']);
  });

  it('reads each file once, also one that names itself', () => {
    expect(names('P', '=conf-file=/a', 'C/a', '=conf-file=/a', line('a'), '=conf-file=/a')).toEqual(['a']);
  });

  it.each([
    ['*.conf', ['a']],
    ['.conf', ['b', 'c']],
    ['*.conf,*.old', ['a', 'b']],
    ['*,.old', ['a', 'c']],
    ['', ['a', 'b', 'c']],
  ])('takes the files of a folder that the suffixes %s leave', (suffixes, expected) => {
    const files = ['a.conf', 'b.old', 'c', '.hidden', 'd~', '#e#', '.conf', 'deep/f.conf'];
    const lines = files.flatMap((file) => [`C/d/${file}`, line(file[0] as string)]);

    expect(names('P', `=conf-dir=/d,${suffixes}`, ...lines)).toEqual(expected);
  });

  it('reads the files of hosts after all else, the last-named first, then the folders', () => {
    const given = [
      'P',
      '=conf-file=/a',
      'C/a',
      '=dhcp-hostsfile=/h1',
      '=dhcp-hostsfile="/h 2" # quoted',
      '=dhcp-hostsdir=/hd',
      line('conf'),
      'H/h1',
      `=${mac},h1`,
      `=# ${mac},comment`,
      'H/h 2',
      `=${mac},h2`,
      'H/hd/b',
      `=${mac},hd-b`,
      'H/hd/a',
      `=${mac},hd-a`,
    ];

    expect(names(...given)).toEqual(['conf', 'h2', 'h1', 'hd-a', 'hd-b']);
  });

  it('counts processes with one command line once, and all others', () => {
    const file = ['C/a', line('a'), 'C/b', line('b')];

    expect(names('P', '=conf-file=/a', ...file, 'P', '=conf-file=/a', 'P', '=conf-file=/b')).toEqual([
      'a',
      'b',
    ]);
  });

  it('reads how much is leased: a file counts before the command line, and a thousand where nothing is said', () => {
    const range = '10.2.10.2,10.2.10.9';
    const given = ['P', '=conf-file=/a', '=dhcp-lease-max=5', `=dhcp-range=${range}`, 'C/a'];
    const limits = (...lines: string[]) => read(...lines).processes[0]?.limits;

    expect(limits(...given)).toMatchObject({
      most: { leases: 5, file: 'command line' },
      ranges: [{ from: '10.2.10.2', to: '10.2.10.9', file: 'command line' }],
    });
    expect(limits(...given, '=dhcp-lease-max=7 # more')?.most).toEqual({ leases: 7, file: '/a' });
    expect(limits('P', '=conf-file=/a', 'C/a')).toEqual({
      ranges: [],
      most: { leases: 1000, file: 'default of dnsmasq' },
    });
  });

  it('tells what it would have to read and may not, and only that', () => {
    const given = ['P', '=conf-file=/a', '=conf-dir=/d,*.conf', '!/a', '!/d/x.conf', '!/d/x.old', '!/e'];

    expect(read(...given).unreadable).toEqual(['/d/x.conf', '/a']);
    expect(read('P', '=dhcp-hostsfile=/h', '=dhcp-hostsdir=/hd', '!/h', '!/hd/a').unreadable).toEqual([
      '/h',
      '/hd/a',
    ]);
  });
});

describe('parseCollected', () => {
  it.each([
    ['cut', 'P\n=conf-file=/a\n'],
    ['empty', ''],
    ['too long', 'P\nover\nend\n'],
  ])('takes no answer that is %s', (_what, text) => {
    expect(parseCollected(text)).toBeUndefined();
  });

  it('takes no line of a file for its own', () => {
    expect(names('P', '=conf-file=/a', 'C/a', '=end', '=C/b', '=over', line('a'))).toEqual(['a']);
  });
});

describe('an address that is given twice', () => {
  const second = 'bc:24:11:00:00:02' as Mac;
  const at = '10.2.10.5';

  it('is the first line’s: dnsmasq passes over the whole of any later one, also for the same MAC address', () => {
    const { reservations } = read(
      'P',
      '=dhcp-hostsfile=/hosts',
      'H/hosts',
      `=${mac},${at},one`,
      `=${mac},${at},two`,
      `=${second},${at},three`,
    );

    expect(reservations.map(({ name, passedOver }) => [name, passedOver])).toEqual([
      ['one', undefined],
      ['two', true],
      ['three', true],
    ]);
    expect(reservationOf(reservations, mac)?.name).toBe('one');
    expect(reservationOf(reservations, second)).toBeUndefined();
  });

  it('is that of the configuration before that of a file of hosts', () => {
    const given = ['P', '=conf-file=/a', 'C/a', `=dhcp-host=${mac},${at},one`, '=dhcp-hostsfile=/hosts'];
    const { reservations } = read(...given, 'H/hosts', `=${second},${at},two`);

    expect(reservations.map(({ passedOver }) => passedOver)).toEqual([undefined, true]);
  });

  it('is no matter between two dnsmasq of one machine, nor of several MAC addresses in one line', () => {
    const process = (file: string) => [
      'P',
      `=conf-file=${file}`,
      `C${file}`,
      `=dhcp-host=${mac},${second},${at}`,
    ];
    const { reservations } = read(...process('/a'), ...process('/b'));

    expect(reservations.map(({ passedOver }) => passedOver)).toEqual(Array(4).fill(undefined));
  });
});
