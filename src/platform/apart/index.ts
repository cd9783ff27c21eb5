export { openApart, type Apart, type ApartLimits, type Calls } from './apart.ts'
export { serveApart, type Call } from './serve.ts'
