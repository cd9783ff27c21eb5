export { contextFor, conformanceContextFor, contextUrls, credentialsV1Url, credentialsV2Url, openBadgesUrl, type ContextRevision, type VendoredContext } from './context.ts'
export { isObject, jsonFaultCodes, jsonLimits, readJson, type Json, type JsonFaultCode, type JsonLimits, type JsonObject, type JsonReading } from './json.ts'
