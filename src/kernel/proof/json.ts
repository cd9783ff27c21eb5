/** JSON as this room sees it: parsed already, never changed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of a value that may be single or a list: nothing, one, or several. */
export function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value as Json]
}

/** A copy of an object without one of its members. */
export function without(object: JsonObject, member: string): JsonObject {
  const { [member]: _, ...rest } = object
  return rest
}
