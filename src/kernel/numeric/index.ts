export { Generator, generator } from './generator.ts'
