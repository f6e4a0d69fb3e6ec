import { asTruenameError, TruenameError } from '../../domain/error.ts';
import type { Emit } from '../../domain/event.ts';
import type { CloudInitState, NixosSystems } from '../../domain/guest-facts.ts';
import type { Proof } from '../../domain/proof.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { EvaluatedSystem, SwitchOutcome, SystemBuilder } from '../../domain/system-builder.ts';
import { enterGuest, type PlacedGuest, placeOnSegment } from './approach.ts';
import { buildAndSwitch, rebootNeeded, runsAlready } from './build.ts';
import { describeConfiguration, readConfiguration } from './configuration.ts';
import type { RebuildContext, RebuildRequest, RebuildSources } from './context.ts';
import { evaluateConfiguration } from './evaluate.ts';
import { mustBeFree } from './free-name.ts';
import { mustRun, nameWork, viewOf } from './look.ts';
import { makeNameRight, type NameWork, readProof } from './name.ts';
import { type EnteredGuest, rebootGuest } from './reboot.ts';
import { type Known, type RebuildResult, resultOf } from './result.ts';
import { enterAnew, type LastingSession, lastingSession, resumeSwitch, waitForOthers } from './resume.ts';
import { rollBackAfter } from './roll-back.ts';
import { type RunStep, stepRunner } from './steps.ts';

/** Makes a cloned VM itself: its configuration built and active, its name in lease and DNS, read back. */
export async function rebuild(
  request: RebuildRequest,
  sources: RebuildSources,
  emit: Emit,
  signal: AbortSignal,
): Promise<RebuildResult> {
  const run = stepRunner(request, sources, emit, signal);
  const known: Known = { remedies: [] };
  try {
    return await flow({ run, request, sources, signal, known });
  } catch (error) {
    const why = signal.aborted ? interrupted(signal) : asTruenameError(error);
    // A system that was seen not to run is no switch, whatever nixos-rebuild said.
    const inForce = known.runs === true && why.code !== 'activation-failed';
    return { ...resultOf(known, inForce ? 'not-proven' : 'failed'), error: why };
  }
}

/** What every part of the flow gets. */
interface Flow {
  readonly run: RunStep;
  readonly request: RebuildRequest;
  readonly sources: RebuildSources;
  readonly signal: AbortSignal;
  readonly known: Known;
}

async function flow(work: Flow): Promise<RebuildResult> {
  const { run, request, sources, known } = work;
  await run('configuration', (context) => readConfiguration(context), describeConfiguration);
  const placed = await placeOnSegment(run, request, known);
  if (!placed.running) return resultOf(known, 'planned');
  if (request.dryRun) return workOn(work, placed);
  const lock = await sources.lock(placed.alias);
  try {
    return await workOn(work, placed);
  } finally {
    await lock.release();
  }
}

/** Everything that is done in the guest. */
async function workOn(work: Flow, placed: PlacedGuest): Promise<RebuildResult> {
  const { run, request, sources, signal, known } = work;
  const entered = await enterGuest(run, work, placed, known);
  const session = lastingSession(entered);
  const name = nameWork(request, sources, placed, session.shell, signal);
  await look(work, placed, name);
  if (request.dryRun) {
    await proveName(work, name);
    return resultOf(known, 'planned');
  }
  const built = await build(work, { placed, name, session });
  const guest = await rebootIfNeeded(work, placed, session.entered(), built);
  const after = nameWork(request, sources, placed, guest.shell, signal);
  await run(
    'name',
    (context) =>
      makeNameRight(context, after, (remedy) => {
        known.remedies = [...known.remedies, remedy];
        context.emit({ type: 'remedy', step: context.step, at: sources.clock.now(), remedy });
      }),
    () => known.remedies.map((each) => each.kind).join(', ') || 'nothing to do',
  );
  const proof = await proveName(work, after);
  return resultOf(known, proof.proven ? 'proven' : 'not-proven');
}

/** Waits for cloud-init, which may still change the machine, and reads all links before anything is done. */
async function look(
  { run, request, sources, signal, known }: Flow,
  placed: PlacedGuest,
  name: NameWork,
): Promise<void> {
  await run(
    'cloud-init',
    async (context) => {
      if (!request.dryRun) await sources.waitForCloudInit(name.shell, 300, signal);
      known.before = await name.observe();
      const state = viewOf(known.before).cloudInit;
      for (const error of state.errors.slice(0, 5)) context.note(`cloud-init: ${error.slice(0, 300)}`);
      await mustBeFree(context, placed, known.before);
      return state;
    },
    describeCloudInit,
  );
}

/** What building works with. */
interface Building {
  readonly placed: PlacedGuest;
  readonly name: NameWork;
  readonly session: LastingSession;
}

/** What came of it. */
interface Built {
  /** For people. */
  readonly how: string;
  /** As seen afterwards. */
  readonly nixos: NixosSystems;
  /** Absent where there was nothing to switch. */
  readonly outcome?: SwitchOutcome;
}

/** Evaluates, and builds and switches unless the guest runs just that system already. */
async function build(work: Flow, building: Building): Promise<Built> {
  const { run, request, sources, known } = work;
  const { session } = building;
  const builder = await sources.builder(request.buildOn, session.entered().login, session.shell);
  const system = await run(
    'declared-name',
    (context) => evaluateConfiguration(context, builder),
    ({ declaredName }) => declaredName || 'none',
  );
  return run(
    'build',
    async (context): Promise<Built> => {
      const waited = await waitForOthers(context, session.shell);
      const before = viewOf(waited ? await building.name.observeLease() : (known.before as Snapshot)).nixos;
      if (runsAlready(before, system)) {
        known.runs = true;
        return { how: 'it runs already; nothing was built', nixos: before };
      }
      return switchOver(context, work, building, { builder, system, before });
    },
    ({ how }) => how,
  );
}

async function switchOver(
  context: RebuildContext,
  { known, request }: Flow,
  { placed, name, session }: Building,
  { builder, system, before }: { builder: SystemBuilder; system: EvaluatedSystem; before: NixosSystems },
): Promise<Built> {
  const look = async () => viewOf(await name.observeLease()).nixos;
  const resume = () =>
    resumeSwitch(context, system, async () => {
      session.follow(await enterAnew(context, placed, session.entered()));
      return session.entered().shell;
    });
  try {
    const outcome = await buildAndSwitch(context, builder, resume);
    known.runs = true;
    const nixos = await look();
    // nixos-rebuild may write a version into <nixpkgs> before it builds: then another evaluation comes to another path.
    const built = nixos.next?.path === system.path ? system : await builder.evaluate(context.signal);
    mustRun(nixos, built, outcome, request);
    return { how: `${outcome.result} (built on the ${request.buildOn})`, nixos, outcome };
  } catch (error) {
    await rollBackAfter(error, { context, builder, before, look });
    throw error;
  }
}

async function rebootIfNeeded(
  { run }: Flow,
  { found, nic, segment }: PlacedGuest,
  guest: EnteredGuest,
  { outcome, nixos }: Built,
): Promise<EnteredGuest> {
  const reasons = rebootNeeded(outcome, nixos);
  if (reasons.length === 0) return guest;
  return run(
    'reboot',
    (context) => {
      context.note(`the new ${reasons.join(', ')} takes effect at a boot only`);
      return rebootGuest(context, found, guest, nic, segment);
    },
    (entered) => `new boot ${entered.identity.bootId}`,
  );
}

async function proveName({ run, known }: Flow, name: NameWork): Promise<Proof> {
  const { snapshot, proof } = await run(
    'proof',
    (context) => readProof(context, name),
    (seen) => proofLine(seen.proof),
    (seen) => seen.proof.proven,
  );
  known.after = snapshot;
  known.proof = proof;
  return proof;
}

/** cloud-init's state, for messages. */
function describeCloudInit(state: CloudInitState): string {
  if (state.status !== 'error') return state.status;
  return `finished with ${state.errors.length} error${state.errors.length === 1 ? '' : 's'}`;
}

function proofLine(proof: Proof): string {
  if (proof.proven) return 'proven, now and for the next boot';
  const open = [...proof.now, ...proof.lasts].filter(
    (verdict) => verdict.state === 'refuted' || verdict.state === 'not-observable',
  );
  return open.map((verdict) => verdict.because).join('; ') || 'a required reverse zone is not served';
}

function interrupted(signal: AbortSignal): TruenameError {
  const hint = 'Run it again; what is done already is found done.';
  const timedOut = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return timedOut
    ? new TruenameError('timeout', 'the time given by --timeout is over', { hint })
    : new TruenameError('cancelled', 'the run was interrupted', { hint });
}
