import { a } from '#libs/domain';
console.log('a', a);
