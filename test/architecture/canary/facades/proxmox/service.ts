export const service = 'a stand-in';
