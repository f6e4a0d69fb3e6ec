/** The ways in which a command ends, as `--help` shows them after everything else. */
export function exitCodeHelp(
  codes: Readonly<Record<string, { readonly code: number; readonly meaning: string }>>,
): string {
  const lines = Object.values(codes).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}
