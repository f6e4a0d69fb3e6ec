/** nmcli(1) -t puts a backslash before each colon and backslash of a value. */
export function unescapeTerse(text: string): string {
  return text.replace(/\\([:\\])/g, '$1');
}

/** DHCP options of `nmcli -t -f DHCP4 device show`: lines `DHCP4.OPTION[n]:key = value`, numbered differently everywhere. */
export function readDhcpOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^DHCP4\.OPTION\[\d+\]:(\w+) = (.*)$/.exec(line);
    if (match !== null) options.set(match[1] as string, unescapeTerse(match[2] as string));
  }
  return options;
}
