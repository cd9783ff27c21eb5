import { faults } from '#kernel/fault'

export const fault = faults('desk', {
  no_issuer: ['not_found', () => 'There is no issuer yet. Issue the first credentials from the command line: ./laurel issue FILE --achievement FILE --issuer-name "Your name".'],
  none_ticked: ['refused', () => 'No credential was ticked, so nothing was changed. Go back and tick at least one.'],
})
