export { simulate, type Simulation, type SimulationReport, type Stage } from './simulate.ts'
export { publishedEffects, readEffects, type Effects } from './effects.ts'
export { fault } from './faults.ts'
