import '../lib/log.ts';
