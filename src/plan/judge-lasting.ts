import type { SentName } from '../domain/dhcp-client.ts';
import { sameName } from '../domain/name.ts';
import type { Observation } from '../domain/observation.ts';
import type { Verdict } from '../domain/proof.ts';
import { rivalNames, sentAtNextBoot, sentNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';

/** Would the next renewal keep the name? A lease is renewed at half its time, with what is in force by then. */
export function judgeNextRenewal(guest: Observation<GuestView>, name: string): Verdict {
  return judge('dhcp-client', 'the next renewal', guest, name, sentNow);
}

/** Would the next boot send the name, and from the profile that is looked at here? */
export function judgeNextBoot(guest: Observation<GuestView>, name: string): Verdict {
  const verdict = judge('next-boot', 'the next boot', guest, name, sentAtNextBoot);
  if (verdict.state !== 'proven' || guest.seen !== 'value' || guest.value.client === undefined)
    return verdict;
  const rivals = rivalNames(guest.value.client, name);
  if (rivals.length === 0) return verdict;
  const list = rivals.map((rival) => `${rival.file || 'a profile in memory'} (${rival.name})`).join(', ');
  return { ...verdict, state: 'refuted', because: `the next boot may choose another profile: ${list}` };
}

function judge(
  link: 'dhcp-client' | 'next-boot',
  event: string,
  guest: Observation<GuestView>,
  name: string,
  read: (view: GuestView) => SentName,
): Verdict {
  const base = { link, at: guest.at };
  if (guest.seen === 'not-observable') return { ...base, state: 'not-observable', because: guest.why };
  if (guest.seen === 'empty' || guest.value.client === undefined) {
    const because = 'no DHCP client that Truename knows holds the interface';
    return { ...base, state: 'not-observable', because };
  }
  const sent = read(guest.value);
  if (sent.from === 'nothing') {
    return { ...base, state: 'refuted', because: `${event} sends no name: ${sent.why}` };
  }
  const because = `${event} sends ${sent.name} (${sent.from})`;
  return { ...base, state: sameName(sent.name, name) ? 'proven' : 'refuted', because };
}
