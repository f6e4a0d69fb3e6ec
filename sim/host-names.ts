import type { HostNames } from '../src/domain/guest-facts.ts';
import type { GuestWrite } from '../src/domain/journal.ts';
import type { Restored } from '../src/domain/ports.ts';

/** The host names of a machine: the file, what hostnamed knows of it, and the kernel's. */
export interface SimHostNames {
  /** As a look at them shows them. */
  read(): HostNames;
  /** The text of /etc/hostname; empty where there is none. */
  file(): string;
  /** By hostnamed: file, kernel, and whoever listens. A file that lies in a store stays, and with it all else. */
  setStatic(name: string): void;
  setKernel(name: string): void;
  /** The file alone, past hostnamed: an editor, or a switch on NixOS. Undefined takes it away. */
  writeFile(name: string | undefined): void;
  /** hostnamed starts anew and is read once, and tells whoever listens what the file says. */
  restartHostnamed(): void;
  /** The machine starts: all names are the file's. */
  boot(): void;
  /** Puts one write back where it still stands, past the kernel's name for the static one. */
  restore(write: Extract<GuestWrite, { kind: 'static-name' | 'transient-name' }>): Restored;
  /** Told the static name whenever hostnamed says it. */
  onStatic(listener: (name: string) => void): void;
}

/** What a machine is called before its first boot. */
export interface SimHostNamesOptions {
  readonly name: string;
  /** The file is a link into the store of NixOS: nobody but a switch may change it. */
  readonly store: boolean;
}

/** The names of a machine that is off. */
export function simHostNames({ name, store }: SimHostNamesOptions): SimHostNames {
  let file: string | undefined = name;
  let believed = name;
  let kernel = name;
  const listeners: ((name: string) => void)[] = [];
  const say = (static_: string) => {
    believed = static_;
    for (const listener of listeners) listener(static_);
  };
  return {
    read: () => ({ static: file ?? '', believedStatic: believed, transient: kernel }),
    file: () => file ?? '',
    setStatic(to) {
      if (store) return;
      file = to;
      kernel = to;
      say(to);
    },
    setKernel(to) {
      kernel = to;
    },
    writeFile(to) {
      file = to;
    },
    restartHostnamed: () => say(file ?? ''),
    boot() {
      kernel = file ?? 'localhost';
      say(file ?? '');
    },
    restore({ kind, was, wrote }) {
      const now = kind === 'static-name' ? file : kernel;
      if (now === undefined) return 'gone';
      if (now !== was && now !== wrote) return 'changed';
      if (kind === 'transient-name') kernel = was;
      else {
        file = was;
        say(was);
      }
      return 'restored';
    },
    onStatic: (listener) => void listeners.push(listener),
  };
}
