import '../../sim/world.ts';
import '../../demo/on-sim/bad.ts';
