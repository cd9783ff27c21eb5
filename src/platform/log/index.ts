export { openLog, silentLog, type Log } from './log.ts'
