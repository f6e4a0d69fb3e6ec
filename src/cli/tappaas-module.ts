import { z } from 'zod';
import { readBounded, systemReason } from '../config/bounded-file.ts';
import { TruenameError } from '../domain/error.ts';
import { parseMac } from '../domain/mac.ts';
import type { CloneOrder } from '../provision/clone/context.ts';
import type { CloneOptions } from './clone-options.ts';

/** A module is a page of text. */
const mostBytes = 256 * 1024;

/** Where newer modules keep what is about their VM (TAPPaaS, `config` by service). */
const vmService = 'cluster:vm';

const text = z.string().min(1).max(253);
const numeric = z.union([z.number().int(), z.string().regex(/^\d{1,9}$/)]).transform(Number);

/** What is read of a module; all else is kept where it is, and named. */
const known = z.object({
  vmname: text,
  vmid: numeric.optional(),
  node: text.optional(),
  imageType: text.optional(),
  image: z.union([z.number().int().transform(String), text]).optional(),
  zone0: text.optional(),
  mac0: text.optional(),
  cores: numeric.optional(),
  memory: numeric.optional(),
});

/** A TAPPaaS module as a clone is made of it. */
export interface TappaasModule extends z.infer<typeof known> {
  /** Keys of which nothing is made here. */
  readonly unused: readonly string[];
}

/** Reads a module's JSON as it is, flat or by service; throws `usage` for what is no module of a VM. */
export async function readTappaasModule(path: string): Promise<TappaasModule> {
  const content = await readBounded(path, mostBytes).catch((error: unknown) => {
    throw new TruenameError('usage', `${path} cannot be read: ${systemReason(error)}`);
  });
  return parseTappaasModule(content, path);
}

/** The same of its text. */
export function parseTappaasModule(content: string, path: string): TappaasModule {
  const value = content.length > mostBytes ? undefined : parseObject(content);
  if (value === undefined) throw new TruenameError('usage', `${path} is no JSON object`);
  const { config, ...flat } = value;
  const byService = z.record(z.string(), z.unknown()).safeParse(config).data ?? {};
  const ofVm = z.record(z.string(), z.unknown()).safeParse(byService[vmService]).data ?? {};
  const merged = { ...flat, ...ofVm };
  const read = known.safeParse(merged);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new TruenameError('usage', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, {
      hint: 'A module of a VM has a vmname at least.',
    });
  }
  const others = Object.keys(byService).filter((each) => each !== vmService);
  const unused = [...Object.keys(merged).filter((key) => !(key in known.shape)), ...others];
  return { ...read.data, unused: unused.sort() };
}

/** What a module says in the words of the command line; what was typed beside it counts above it. */
export function withModule(
  name: string | undefined,
  options: CloneOptions,
  module: TappaasModule,
): { readonly name: string; readonly options: CloneOptions } {
  const { vmname, vmid, node, image, imageType, zone0 } = module;
  if (imageType !== undefined && imageType !== 'clone') {
    throw new TruenameError(
      'unsupported',
      `${vmname} is made of an ${imageType}, and only clones are made here`,
    );
  }
  return {
    name: name ?? vmname,
    options: {
      ...(vmid === undefined ? {} : { vmid: String(vmid) }),
      // --target says the same, and was typed.
      ...(node === undefined || options.target !== undefined ? {} : { node }),
      ...(image === undefined ? {} : { from: image }),
      ...(zone0 === undefined ? {} : { segment: zone0 }),
      ...options,
    },
  };
}

/** What the command line has no words for; throws `usage` for a MAC address that is none. */
export function furtherOf({ mac0, cores, memory }: TappaasModule): Partial<CloneOrder> {
  const mac = mac0 === undefined ? undefined : parseMac(mac0);
  if (mac0 !== undefined && mac === undefined)
    throw new TruenameError('usage', `mac0 ${JSON.stringify(mac0)} is no MAC address`);
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(cores === undefined ? {} : { cores }),
    ...(memory === undefined ? {} : { memoryMiB: memory }),
  };
}

function parseObject(content: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}
