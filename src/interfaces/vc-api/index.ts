export { vcApiRoutes } from './routes.ts'
