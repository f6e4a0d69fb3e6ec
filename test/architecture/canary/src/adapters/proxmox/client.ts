export const client = 'the wire';
