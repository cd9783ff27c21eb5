export { openWorld, type World, type WorldOptions } from './world.ts'
