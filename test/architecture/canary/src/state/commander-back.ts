import './commander.ts';
