import '../lib/log.ts';
import 'node:dns';
