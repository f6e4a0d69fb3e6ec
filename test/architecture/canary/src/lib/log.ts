export const log = 'a wrapper';
