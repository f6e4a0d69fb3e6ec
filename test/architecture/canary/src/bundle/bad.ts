import '../observe/bad.ts';
