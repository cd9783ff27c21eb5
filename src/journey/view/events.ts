import { event } from '#platform/queue'

/** People who are not the owner looked at credentials; the placements whose links led them there. */
export const thirdPartyViewed = event<{ readonly placementTokens: readonly string[]; readonly credentialIds: readonly string[] }>('view.third_party_viewed')

/** Preview robots of networks fetched placements' links. */
export const previewFetched = event<{ readonly fetches: readonly { readonly token: string; readonly network: string }[] }>('view.preview_fetched')
