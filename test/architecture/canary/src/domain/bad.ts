import '../lib/log.ts';
import 'node:fs';
