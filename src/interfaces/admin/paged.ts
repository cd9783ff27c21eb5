/** Lists are turned page by page with what the last row is called, so that a row that comes or goes moves nothing. */
import { z } from 'zod'
import type { Paging } from '#interfaces/look'

export const pageSize = 50
export const turned = z.strictObject({ after: z.uuid().optional(), from: z.coerce.number().int().min(1).max(1_000_000_000).optional() })

/** @param rows one more than a page: it says whether there is a next one */
export function paged<Row extends { readonly id: string }>(rows: readonly Row[], total: number, address: string, given: { readonly after?: string | undefined; readonly from?: number | undefined }): { readonly rows: readonly Row[]; readonly paging: Paging } {
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  const from = given.after === undefined ? 1 : (given.from ?? 1)
  return {
    rows: shown,
    paging: {
      from: shown.length === 0 ? 0 : from,
      to: from + shown.length - 1,
      total,
      ...(rows.length > pageSize && last ? { next: `${address}?after=${last.id}&from=${from + pageSize}` } : {}),
      ...(given.after === undefined ? {} : { first: address }),
    },
  }
}

/** The query of the page that is being looked at, so that what is done on it leads back to it. */
export const here = ({ after, from }: z.output<typeof turned>): string => (after === undefined ? '' : `?after=${after}${from === undefined ? '' : `&from=${from}`}`)
