/** What the two sides say to each other. Everything is cloned on its way (HTML Standard, structured clone), so neither reaches into the other. */
export type ToThread = { readonly kind: 'job'; readonly job: unknown } | { readonly kind: 'answer'; readonly call: number; readonly value: unknown } | { readonly kind: 'failed'; readonly call: number; readonly reason: string }

export type FromThread = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly result: unknown } | { readonly kind: 'broke'; readonly reason: string } | { readonly kind: 'call'; readonly call: number; readonly name: string; readonly args: readonly unknown[] }
