import { faults } from '#kernel/fault'

/** What an issuer sends to stand beside its name. */
export const logoFault = faults('logo', {
  not_png: ['refused', () => 'The logo was not taken: it is not a PNG. Save it as PNG and send that; drawings (SVG) are not taken, because they can carry programs and lead elsewhere.'],
  unreadable: ['refused', () => 'The logo was not taken: the file says that it is a PNG, and cannot be read as one. Save it again and send that.'],
  too_large: ['refused', (d: { readonly kilobytes: number }) => `The logo was not taken: the file is larger than ${d.kilobytes} kB. Save it smaller; 480 pixels across are enough.`],
  too_many_pixels: ['refused', (d: { readonly width: number; readonly height: number; readonly side: number }) => `The logo was not taken: it is ${d.width} by ${d.height} pixels, and ${d.side} by ${d.side} are the most. 480 pixels across are enough.`],
  unseen: ['refused', () => 'The logo was not taken: on paper nothing of it would be seen. It may be white, for dark grounds; send the one that is made for a light ground.'],
})

export const fault = faults('certificate', {
  no_face: ['refused', ({ characters }: { readonly characters: string }) => `The certificate cannot be set on paper here: no face has ${characters}. Print the page of the credential instead; the credential itself holds the name as it is.`],
})
