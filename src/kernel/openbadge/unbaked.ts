/**
 * What was taken out of a carrier, or why nothing could be.
 */

export type CarrierKind = 'json' | 'jwt' | 'sd-jwt' | 'png' | 'svg' | 'pdf'

/** Why nothing could be taken out. A closed list; `kernel/verify` has the sentences. */
export const carrierFaultCodes = [
  'too_large',
  'not_utf8',
  'empty',
  'unknown_kind',
  'address_given',
  'open_badges_2',
  'jwe',
  'png_broken',
  'png_too_many_chunks',
  'png_checksum',
  'png_no_credential',
  'png_several_credentials',
  'png_compressed',
  'svg_broken',
  'svg_too_deep',
  'svg_entities',
  'svg_no_credential',
  'svg_several_credentials',
  'pdf_broken',
  'pdf_encrypted',
  'pdf_no_credential',
  'pdf_several_credentials',
  'pdf_too_large_inside',
] as const
export type CarrierFaultCode = (typeof carrierFaultCodes)[number]

export type Unbaked = { readonly ok: true; readonly carrier: CarrierKind; readonly text: string } | { readonly ok: false; readonly carrier?: CarrierKind; readonly code: CarrierFaultCode }

/** Whether a text is a compact JWS rather than JSON; carriers write the two differently. */
export function isCompact(text: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/.test(text)
}
