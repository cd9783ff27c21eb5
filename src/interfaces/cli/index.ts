export { runCommandLine } from './run.ts'
export { commands } from './commands.ts'
export { type CliContext, type Installation, type SimulationOrder, type SimulationReport } from './command.ts'
export { progressOn, type Progress } from './progress.ts'
