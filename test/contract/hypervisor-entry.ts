import { describe, expect, it } from 'vitest';
import type { Described } from './hypervisor-subject.ts';

const { signal } = new AbortController();

/** The way into the guest that needs no network. */
export function describeAgent(subject: () => Described): void {
  describe('agent', () => {
    it('tells the interfaces, with and without addresses', async () => {
      const interfaces = await subject().hypervisor.agent(subject().ref(102)).interfaces(signal);

      expect(interfaces).toContainEqual({
        name: 'ens18',
        mac: 'bc:24:11:00:01:02',
        addresses: ['10.2.10.5'],
      });
      expect(interfaces).toContainEqual(expect.objectContaining({ name: 'ens19', addresses: [] }));
    });

    it('runs a program without a shell and gives its output as it was written', async () => {
      const agent = subject().hypervisor.agent(subject().ref(102));
      const text = `$(id) 'Zürich' "€" 漢字`;

      expect(await agent.run(['echo', '-n', 'plain; text'], signal)).toEqual({
        exitCode: 0,
        stdout: 'plain; text',
        stderr: '',
      });
      expect(await agent.run(['cat', '/text'], signal)).toMatchObject({ stdout: text });
      expect(await agent.run(['false'], signal)).toMatchObject({ exitCode: 1 });
    });

    it('throws command-failed for a program that the guest does not have', async () => {
      await expect(
        subject().hypervisor.agent(subject().ref(102)).run(['/gone'], signal),
      ).rejects.toMatchObject({
        code: 'command-failed',
      });
    });

    it('gives a program its stdin', async () => {
      const agent = subject().hypervisor.agent(subject().ref(102));

      const result = await agent.run(['/bin/sh', '-s'], signal, 'echo given; exit 4\n');

      expect(result).toMatchObject({ exitCode: 4, stdout: 'given\n' });
    });

    it('throws agent-silent where nobody answers', async () => {
      const agent = subject().hypervisor.agent(subject().ref(103));

      await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'agent-silent' });
      await expect(agent.run(['true'], signal)).rejects.toMatchObject({ code: 'agent-silent' });
    });

    it('throws guest-off for a VM that does not run', async () => {
      const agent = subject().hypervisor.agent(subject().ref(101));

      await expect(agent.interfaces(signal)).rejects.toMatchObject({ code: 'guest-off' });
      await expect(agent.run(['true'], signal)).rejects.toMatchObject({ code: 'guest-off' });
    });
  });
}

/** What a container's node shows of it. */
export function describeContainer(subject: () => Described): void {
  describe('interfaces of a container', () => {
    const shown = (vmid: number) => subject().hypervisor.containerInterfaces(subject().ref(vmid), signal);

    it('are told with their MAC and IPv4 addresses', async () => {
      expect(await shown(700)).toContainEqual({
        name: 'eth0',
        mac: 'bc:24:11:00:07:00',
        addresses: ['10.2.10.70'],
      });
    });

    it('are guest-off, not none, for a container that does not run', async () => {
      await expect(shown(701)).rejects.toMatchObject({ code: 'guest-off' });
    });

    it('are not-found, not none, for a number that no container has', async () => {
      await expect(shown(4711)).rejects.toMatchObject({ code: 'not-found' });
      await expect(shown(102)).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}

/** A root shell without a network. */
export function describeInside(subject: () => Described): void {
  const script = `printf '%s|' "$@" 'Zürich'; cat; echo no >&2; exit 3`;
  const args = [`$(id) "'\\`, '', '€\n'];
  const options = { args, root: true, timeoutMs: 20_000, signal };
  const result = { exitCode: 3, stdout: `${args.join('|')}|Zürich|`, stderr: 'no\n' };

  describe('inside', () => {
    it('runs a script in a VM', async () => {
      const shell = subject().hypervisor.inside(subject().vm(102));

      expect(shell?.via).toBe(`guest agent of ${subject().nodeName}/102`);
      expect(await shell?.run(script, options)).toEqual(result);
    });

    it('runs a script in a container, where its node can be entered', async () => {
      const shell = subject().hypervisor.inside(subject().container(700));

      if (!subject().entersNodes) return expect(shell).toBeUndefined();
      expect(shell?.via).toBe(`pct exec 700 on ${subject().nodeName}`);
      expect(await shell?.run(script, options)).toEqual(result);
    });

    it('throws guest-off for a guest that does not run', async () => {
      const { hypervisor, vm, container } = subject();

      for (const shell of [hypervisor.inside(vm(101)), hypervisor.inside(container(701))]) {
        if (shell !== undefined) {
          await expect(shell.run('true', options)).rejects.toMatchObject({
            name: 'SourceError',
            code: 'guest-off',
          });
        }
      }
    });

    it('throws cancelled when the caller gives up', async () => {
      const { hypervisor, vm, container } = subject();
      const gone = { ...options, signal: AbortSignal.abort() };

      for (const shell of [hypervisor.inside(vm(102)), hypervisor.inside(container(700))]) {
        if (shell !== undefined) {
          await expect(shell.run('true', gone)).rejects.toMatchObject({ code: 'cancelled' });
        }
      }
    });
  });
}

/** The nodes' end of NICs. */
export function describePort(subject: () => Described): void {
  describe('port', () => {
    it('is there with a way into the nodes, and names device and shell', async () => {
      const { hypervisor, vm, container, entersNodes } = subject();
      expect('port' in hypervisor).toBe(entersNodes);
      for (const [guest, device] of [
        [vm(102), 'tap102i0'],
        [container(700), 'veth700i0'],
      ] as const) {
        const [nic] = (await hypervisor.configuration(guest, signal)).nics;
        if (nic === undefined) throw new Error('no NIC');

        const port = hypervisor.port?.(guest, nic);

        expect(port?.device).toBe(entersNodes ? device : undefined);
        const said = await port?.shell.run('echo "$1"', { args: ['here'], timeoutMs: 10_000, signal });
        expect(said?.stdout).toBe(entersNodes ? 'here\n' : undefined);
      }
    });
  });
}
