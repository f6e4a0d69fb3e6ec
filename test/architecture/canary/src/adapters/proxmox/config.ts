export const config = 'what it asks for';
