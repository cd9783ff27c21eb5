/** Every command, in the order in which a newcomer meets them. */
import { apiKeyCreate, apiKeyList, apiKeyRevoke } from './api-key.ts'
import { analyze } from './analyze/analyze.ts'
import type { Command } from './command.ts'
import { demoRemove } from './demo-remove.ts'
import { endorse } from './endorse.ts'
import { estimate } from './estimate.ts'
import { experimentStart, experimentStop, experiments } from './experiment.ts'
import { issue } from './issue.ts'
import { keysCompromise, keysExport, keysList, keysRotate } from './keys.ts'
import { outcomes } from './outcomes.ts'
import { power } from './power.ts'
import { simulateCommand } from './simulate.ts'
import { start, worker } from './start.ts'
import { reinstate, revoke, suspend } from './status.ts'
import { verify } from './verify.ts'
import { viewsReclassify } from './views.ts'

export const commands: readonly Command[] = [start, issue, verify, revoke, suspend, reinstate, endorse, outcomes, estimate, experiments, experimentStart, experimentStop, analyze, power, simulateCommand, apiKeyCreate, apiKeyList, apiKeyRevoke, keysList, keysRotate, keysCompromise, keysExport, viewsReclassify, worker, demoRemove]
