export { realClock, virtualClock, type Clock, type VirtualClock } from './clock.ts'
