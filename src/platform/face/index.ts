export { faces, type Face, type Weight } from './faces.ts'
export { splitByFace, type Run, type Split } from './split.ts'
