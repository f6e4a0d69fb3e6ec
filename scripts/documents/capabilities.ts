import * as z from 'zod';

const Table = z.record(
  z.string(),
  z.strictObject({
    promises: z.array(z.string()),
    /** What each product lacks of them. */
    products: z.record(z.string(), z.array(z.string())),
  }),
);

/** By port: what its contract suite promises, and each product on which the suite runs, with what it lacks. */
export type Capabilities = z.infer<typeof Table>;

/** What a contract suite ran on one product. */
export interface CapabilityRun {
  readonly port: string;
  readonly product: string;
  readonly ran: readonly string[];
}

/** Reads the table; throws where it is none. */
export function readCapabilities(text: string): Capabilities {
  return Table.parse(JSON.parse(text));
}

/** In which the table and the run differ, as sentences; none where they agree. */
export function capabilityGaps(table: Capabilities, { port, product, ran }: CapabilityRun): string[] {
  const promises = table[port]?.promises ?? [];
  const lacks = table[port]?.products[product];
  if (lacks === undefined) {
    const lacking = promises.filter((each) => !ran.includes(each));
    return [
      `${port} has no line for this product; add ${JSON.stringify(product)}: ${JSON.stringify(lacking)}`,
    ];
  }
  return [
    ...ran
      .filter((each) => !promises.includes(each))
      .map((each) => `not among the promises of ${port}: ${each}`),
    ...lacks
      .filter((each) => !promises.includes(each))
      .map((each) => `${product} lacks what is no promise: ${each}`),
    ...lacks.filter((each) => ran.includes(each)).map((each) => `${product} does not lack it: ${each}`),
    ...promises
      .filter((each) => !ran.includes(each) && !lacks.includes(each))
      .map((each) => `was not run on ${product}: ${each}`),
  ];
}
