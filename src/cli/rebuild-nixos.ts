#!/usr/bin/env node
import { standardOutput } from './output.ts';
import { runProgram } from './program.ts';

// The name that people's scripts call, with the same four arguments.
process.exitCode = await runProgram(['rebuild', ...process.argv.slice(2)], standardOutput());
