/** A foreign text made fit for a message: one line, no control or formatting characters, 500 characters at most. */
export function shown(text: string): string {
  // Guests write into such texts, as many MiB as they like.
  const line = text
    .slice(0, 4096)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}
