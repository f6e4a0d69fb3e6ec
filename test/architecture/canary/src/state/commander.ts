import 'commander';
import './commander-back.ts';
