export { randomIds, seededIds, type Ids } from './id.ts'
