/** Every public page and document, as rows of the route table. */
import type { Route, SignIn } from '#interfaces/http'
import { cardRoutes } from './card-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { downloadRoutes } from './download-routes.ts'
import { embedRoutes } from './embed-routes.ts'
import { issuerRoutes } from './issuer-routes.ts'
import { logoRoutes } from './logo-routes.ts'
import { mailedRoutes } from './mailed-routes.ts'
import { meRoutes } from './me-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { shareRoutes } from './share-routes.ts'
import { themeRoutes } from './theme-routes.ts'
import { verifyListRoutes } from './verify-list-routes.ts'
import { verifyRoutes } from './verify-routes.ts'

export const pageRoutes = (signIn: SignIn): readonly Route[] => [...credentialRoutes, ...cardRoutes, ...downloadRoutes, ...shareRoutes, ...embedRoutes, ...mailedRoutes(signIn), ...verifyRoutes, ...verifyListRoutes, ...themeRoutes, ...logoRoutes, ...meRoutes(signIn), ...profileRoutes, ...issuerRoutes]
