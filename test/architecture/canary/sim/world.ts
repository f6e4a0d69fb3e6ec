export const world = 'in memory';
