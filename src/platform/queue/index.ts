export { event, when, atOnce, everyDay, everyMinute, type Event, type Flow, type Payload, type Step } from './event.ts'
export { openQueue, type Queue } from './queue.ts'
