import type { z } from 'zod';
import type { SourceDocument } from './document.ts';
import { configurationJsonSchema } from './json-schema.ts';
import { formatPath, keysAt, shownKey } from './key-path.ts';
import { didYouMean } from './nearest.ts';
import type { ConfigurationProblem } from './problem.ts';

/** What the schema found wrong, with the places in the file. */
export function problemsOf(error: z.ZodError, source: SourceDocument): ConfigurationProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, source));
}

function problemsOfIssue(issue: z.core.$ZodIssue, source: SourceDocument): ConfigurationProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(configurationJsonSchema(), path);
    return issue.keys.map((key) => {
      const message = `${formatPath([...path, key])} is no key of this file.${didYouMean(key, allowed)}`;
      return source.problemAtKey(path, key, message);
    });
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1) ?? '');
    const why = issue.issues[0]?.message ?? 'is no name';
    return [source.problemAtKey(path.slice(0, -1), key, `${shownKey(key)} ${why}.`)];
  }
  return [source.problemAt(path, `${subject(path)} ${predicate(issue)}.`)];
}

function subject(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The file' : formatPath(path);
}

/** Our own words: those of the library may one day quote the value. */
function predicate(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `is missing (${typeName(issue.expected)})`
        : `must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return `must be one of: ${optionsOf(issue)}`;
    case 'too_big':
      return `must be ${Number(issue.maximum)} ${unitOf(issue.origin)}or less`;
    case 'too_small':
      return `must be ${Number(issue.minimum)} ${unitOf(issue.origin)}or more`;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of keys',
  record: 'a group of keys',
  string: 'text',
};

function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

function unitOf(origin: string): string {
  if (origin === 'string') return 'characters ';
  return origin === 'array' ? 'items ' : '';
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  return options.map(String).join(', ');
}
