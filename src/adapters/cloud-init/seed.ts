import type { CloudInitSeed, SeedText, SeedTexts } from '../../domain/cloud-init-seed.ts';
import { SourceError } from '../../domain/error.ts';
import { givenNames, preservesHostname, readMapping, YamlFault, type YamlMapping } from './names.ts';

/** Longer texts are not parsed; names stand in texts of some hundred bytes. */
const mostBytes = 65_536;

/**
 * The name fields of a seed, and nothing else of it. User-data counts only where it is a cloud-config: of a
 * script, a MIME message or a template no name is read, and that is no error.
 *
 * @throws SourceError `bad-response` for a text that is no YAML or too long; none of the text is in it.
 */
export function readSeed({ user, meta }: SeedTexts): CloudInitSeed {
  const config = isCloudConfig(user.text) ? mapping(user) : undefined;
  const metaData = mapping(meta);
  const names = config === undefined ? {} : givenNames(config);
  const preserve = config === undefined ? undefined : preservesHostname(config);
  const { localHostname, instanceId } = identityOf(metaData);
  return {
    ...(names.hostname === undefined ? {} : { userHostname: names.hostname }),
    ...(names.fqdn === undefined ? {} : { fqdn: names.fqdn }),
    ...(localHostname === undefined ? {} : { localHostname }),
    ...(preserve === undefined ? {} : { preserveHostname: preserve }),
    ...(instanceId === undefined ? {} : { instanceId }),
    custom: [user, meta].filter((text) => text.custom).map((text) => text.source),
  };
}

/** cloudinit/user_data.py tells kinds by how they begin; `-archive` and `-jsonp` are other kinds. */
function isCloudConfig(text: string): boolean {
  return /^\s*#cloud-config(?!-)/i.test(text);
}

/**
 * NoCloud's keys, or those of a config drive, which are OpenStack's: there `hostname` becomes `local-hostname`
 * and `uuid` the instance id (cloudinit/sources/helpers/openstack.py).
 */
function identityOf(metaData: YamlMapping): {
  localHostname: string | undefined;
  instanceId: string | undefined;
} {
  const uuid = metaData.text('uuid');
  const openStackName = uuid === undefined ? undefined : metaData.text('hostname');
  return {
    localHostname: metaData.text('local-hostname') ?? openStackName,
    instanceId: metaData.text('instance-id') ?? uuid,
  };
}

function mapping({ text, source }: SeedText): YamlMapping {
  if (Buffer.byteLength(text) > mostBytes) {
    throw new SourceError('bad-response', source, 'the text is longer than 64 KiB');
  }
  try {
    return readMapping(text);
  } catch (error) {
    // The parser's own message quotes the text, which may hold secrets.
    const line = error instanceof YamlFault && error.line !== undefined ? ` (line ${error.line})` : '';
    throw new SourceError('bad-response', source, `the text is no mapping in YAML${line}`);
  }
}
