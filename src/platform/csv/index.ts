export { readCsv, type CsvRecord } from './read.ts'
export { writeCsvRow } from './write.ts'
export { fault } from './faults.ts'
