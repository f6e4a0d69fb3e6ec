import { describe, expect, it } from 'vitest';
import { simBuilder } from './builder.ts';
import { simNetwork } from './network.ts';

const { signal } = new AbortController();

async function builder(text: string, template = 9000) {
  const network = simNetwork({ startsAt: Date.UTC(2026, 0, 1) });
  await network.hypervisor.clone(template, 610, 'alpha', 'lan');
  await network.clock.sleep(10_000, signal);
  const machine = network.hypervisor.machine(610);
  return {
    machine,
    under: simBuilder({ where: 'target', text, name: 'alpha', machine, clock: network.clock }),
  };
}

describe('simBuilder', () => {
  it('reads the name that a configuration declares, and declares another above it when it is told to', async () => {
    const { under } = await builder('{ networking.hostName = "beta"; }');

    await under.prepare({ forceName: false }, signal);
    const declared = await under.evaluate(signal);
    await under.prepare({ forceName: true }, signal);

    expect(declared.declaredName).toBe('beta');
    expect((await under.evaluate(signal)).declaredName).toBe('alpha');
  });

  it('finds no name where none is declared, and no system in what is no attribute set', async () => {
    const { under } = await builder('{ }');
    const { under: broken } = await builder('oops');

    expect((await under.evaluate(signal)).declaredName).toBe('');
    await expect(broken.evaluate(signal)).rejects.toMatchObject({ code: 'evaluation-failed' });
  });

  it('makes the system the one that runs and boots, and takes it back', async () => {
    const { machine, under } = await builder('{ networking.hostName = "alpha"; }');
    const lines: string[] = [];

    const outcome = await under.activate('switch', (line) => lines.push(line), signal);
    const { current, next } = machine.systems.read();
    await under.rollBack(() => undefined, signal);

    expect(outcome.result).toBe('switched');
    expect([current?.declaredName, next?.declaredName]).toEqual(['alpha', 'alpha']);
    expect(lines).toHaveLength(1);
    expect(machine.systems.read().current?.declaredName).toBe('tappaas-nixos');
  });

  it('ends with failed units where cloud-init could not set the name', async () => {
    const { under } = await builder('{ networking.hostName = "alpha"; }', 9002);

    expect(await under.activate('switch', () => undefined, signal)).toMatchObject({
      result: 'units-failed',
      exitCode: 4,
    });
  });
});
