export { secretsIn, secretsFrom, type Secrets } from './secret.ts'
export { fault } from './faults.ts'
