/** The JSON API, as rows of the route table; `/api/v1/openapi.json` is made from the same rows. */
import type { Route } from '#interfaces/http'
import { completionRoutes } from './completion-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { outcomeRoutes } from './outcome-routes.ts'
import { verifyRoutes } from './verify-routes.ts'

export const apiRoutes: readonly Route[] = [...completionRoutes, ...credentialRoutes, ...outcomeRoutes, ...verifyRoutes]
