export { Fault, faults, isFault, faultKinds, type FaultKind, type Finding } from './fault.ts'
