import '../../facades/opnsense/bad.ts';
