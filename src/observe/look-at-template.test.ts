import { describe, expect, it } from 'vitest';
import { scriptedShell } from '../../test/support/scripted-shell.ts';
