import { faults } from '#kernel/fault'

export const fault = faults('certificate', {
  no_face: ['refused', ({ characters }: { readonly characters: string }) => `The certificate cannot be set on paper here: no face has ${characters}. Print the page of the credential instead; the credential itself holds the name as it is.`],
})
