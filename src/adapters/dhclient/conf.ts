import type { NameRule } from '../../domain/dhcp-client.ts';
import { beginsWith, fromOctets, readStatements, type Statement, type Token } from './statements.ts';

/**
 * From where the name comes for an interface: `send fqdn.fqdn` before `send host-name`, for both go out then and a
 * server takes option 81; the interface's own block before the rest; of two the last (dhclient.conf(5)). The name
 * goes out as it stands, dots and underscores and all; only the root's dot at its end is left out here.
 */
export function readNameRule(text: string, file: string, device: string): NameRule {
  for (const option of ['fqdn.fqdn', 'host-name']) {
    const value = lastSent(text, device, option);
    if (value !== undefined) return ruleOf(value, option, file);
  }
  return { from: 'nothing', why: `${file} does not send host-name` };
}

/** True when the file gives a client identifier of its own, which goes out in place of any other. */
export function sendsClientId(text: string, device: string): boolean {
  return lastSent(text, device, 'dhcp-client-identifier') !== undefined;
}

function lastSent(text: string, device: string, option: string): readonly Token[] | undefined {
  const own: Statement[] = [];
  const common: Statement[] = [];
  for (const statement of readStatements(text)) {
    if (statement.block === undefined) common.push(statement);
    else if (isBlockOf(statement, device)) own.push(...statement.block);
  }
  return [...common, ...own].findLast((each) => beginsWith(each, 'send', option))?.tokens.slice(2);
}

function isBlockOf({ tokens }: Statement, device: string): boolean {
  const [word, name, ...rest] = tokens;
  return (
    word?.text.toLowerCase() === 'interface' &&
    name !== undefined &&
    fromOctets(name.text) === device &&
    rest.length === 0
  );
}

function ruleOf(value: readonly Token[], option: string, file: string): NameRule {
  const tokens = value[0]?.kind === 'mark' && value[0].text === '=' ? value.slice(1) : value;
  const [first, ...rest] = tokens;
  if (first?.kind === 'string' && rest.length === 0) {
    const name = fromOctets(first.text).replace(/\.$/, '');
    return name === ''
      ? { from: 'nothing', why: `${file} sends an empty ${option}` }
      : { from: 'profile', name, file };
  }
  const expression = tokens.map(({ text }) => text).join('');
  if (expression.toLowerCase() === 'gethostname()')
    return { from: 'transient', cut: false, legalOnly: false };
  return { from: 'nothing', why: `${file} makes ${option} of an expression that Truename does not evaluate` };
}
