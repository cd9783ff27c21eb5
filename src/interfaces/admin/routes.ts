/** The desk: every page of the people who run Laurel, as rows of the route table. */
import type { Route } from '#interfaces/http'
import { completionRoutes } from './completion-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { experimentRoutes } from './experiment-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { learnerRoutes } from './learner-routes.ts'
import { mailboxRoutes } from './mailbox-routes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { shareRoutes } from './share-routes.ts'

export const adminRoutes: readonly Route[] = [...overviewRoutes, ...learnerRoutes, ...completionRoutes, ...credentialRoutes, ...shareRoutes, ...experimentRoutes, ...reportRoutes, ...policyRoutes, ...settingsRoutes, ...keyRoutes, ...mailboxRoutes]
