import '../lib/log.ts';
import 'zod';
