export { pageRoutes } from './routes.ts'
export { checkMailPage, mailedLinkPage, signInPage } from './sign-in-page.ts'
