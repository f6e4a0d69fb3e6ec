import { type Figure, figure } from './figure.ts';
import type { FixScene } from './fix-scene.ts';
import { spoil, wrongGuests } from './fix-states.ts';

/** What a person would otherwise do with this client, once the machine's name is right. */
const usual = {
  'network-manager':
    'uuid=$(nmcli -g GENERAL.CON-UUID device show eth0); nmcli connection modify "$uuid" ipv4.dhcp-hostname alpha; nmcli device disconnect eth0; nmcli device connect eth0',
  networkd:
    'rm /etc/systemd/network/10-ethernet.network.d/90-name.conf; networkctl reload; networkctl reconfigure eth0; sleep 4',
  dhcpcd:
    'hostnamectl set-hostname gamma; sleep 0.5; dhcpcd -k eth0; dhcpcd -n eth0 || systemctl restart dhcpcd; sleep 10',
} as const;

/** Packets lost by a ping every 10 ms through the fix of a guest whose lease is wrong, and through the usual cure. */
export async function benchLoss(scene: FixScene, say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of ['network-manager', 'networkd', 'dhcpcd'] as const) {
    const { vmid } = wrongGuests[kind].guest;
    await spoil(scene, kind);
    const ours = await lostDuring(scene, vmid, () => scene.ours([String(vmid)], [0]));
    await spoil(scene, kind);
    const theirs = await lostDuring(scene, vmid, () => scene.inside(vmid, usual[kind]));
    say(`fix-loss, ${kind}: ${ours}, by the usual cure ${theirs}`);
    await scene.ours([String(vmid)], [0]);
    figures.push(
      figure(`fix-loss-${kind.replace('-', '')}`, { ours, theirs }, 'packets lost, one every 10 ms', 1),
    );
  }
  return figures;
}

async function lostDuring(scene: FixScene, vmid: number, work: () => Promise<unknown>): Promise<number> {
  const address = await scene.addressOf(vmid);
  const ping = await scene.lab.controller.start(['ping', '-n', '-i', '0.01', '-w', '120', address]);
  let printed = '';
  ping.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = new Promise((resolve) => ping.once('close', resolve));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await work();
  await new Promise((resolve) => setTimeout(resolve, 500));
  ping.kill('SIGINT');
  await ended;
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(printed) ?? [];
  if (sent === undefined || received === undefined || Number(received) === 0)
    throw new Error(`nothing answered at ${address}: ${printed.slice(-300)}`);
  // The last one may have been on its way.
  return Math.max(0, Number(sent) - Number(received) - 1);
}
