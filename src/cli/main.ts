#!/usr/bin/env node
import { standardOutput } from './output.ts';
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2), standardOutput(), {
  playDemo: async (...given) => (await import('../../demo/on-sim/play.ts')).playOnSim(...given),
});
