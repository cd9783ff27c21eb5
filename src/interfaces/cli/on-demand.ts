/** What others do as commands do it. Read when it is asked for, as commands are: a door that brought the house along would slow each of them. */
export const bulkIssuing = () => import('./issue-batch.ts')
export const demonstration = () => import('./demo-remove.ts')
