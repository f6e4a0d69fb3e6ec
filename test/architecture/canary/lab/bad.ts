import '../src/lib/log.ts';
import '../sim/world.ts';
