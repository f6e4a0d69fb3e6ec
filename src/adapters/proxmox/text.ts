const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Undoes the product's encoding of a program's output: it takes each byte for a character of
 * Latin-1 and encodes that as UTF-8 (qemu-server PVE/API2/Qemu/Agent.pm decodes base64 and no
 * more). Text that cannot have come about so, or that was no UTF-8 inside the guest, stays as it is.
 */
export function undoLatin1(text: string): string {
  if (/[\u0100-\uffff]/.test(text)) return text;
  try {
    return utf8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/**
 * Text as it must be sent so that a program gets it as UTF-8: the product takes the characters given for bytes
 * (Perl's `encode_base64` in qemu-server PVE/QemuServer/Agent.pm, `qemu_exec`; characters above U+00FF are
 * refused). One character a byte.
 */
export function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
