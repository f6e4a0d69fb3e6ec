import type { RebuildContext, TravellingConfiguration } from './context.ts';

/** Files that a note names; of more only the number is said. */
const named = 20;

/** Reads what is to be built, before anybody is asked for anything; a dry run lists it. */
export async function readConfiguration({
  request,
  sources,
  note,
}: RebuildContext): Promise<TravellingConfiguration> {
  const configuration = await sources.configuration();
  for (const text of configuration.notes) note(text);
  const { files } = configuration;
  if (request.dryRun) {
    const rest = files.length > named ? ` and ${files.length - named} more` : '';
    note(`what is evaluated: ${files.slice(0, named).join(', ')}${rest}`);
  }
  return configuration;
}

/** How much it is, for people. */
export function describeConfiguration({ files, bytes }: TravellingConfiguration): string {
  const size = bytes < 1024 ? `${bytes} B` : `${Math.ceil(bytes / 1024)} KiB`;
  return `${files[0]}${files.length === 1 ? '' : ` and ${files.length - 1} more`}, ${size}`;
}
