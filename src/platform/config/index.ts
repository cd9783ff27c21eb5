export { besideServer, readConfig, type Config } from './config.ts'
export { fault } from './faults.ts'
