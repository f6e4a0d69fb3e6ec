import '../../lab/bad.ts';
