/** What would lead a visitor, or a letter, to another site if it were believed. */

/** What browsers have been led astray by: Fastify docs PR 6964, condenser 4008, saas-starter 641 and 730, and the URL standard's own corners. */
export const astray: readonly string[] = [
  'https://evil.example', 'http://evil.example', '//evil.example', '///evil.example', '////evil.example', '/\\evil.example', '\\/evil.example', '\\\\evil.example', '/\\/evil.example', '//\\evil.example', '/\t/evil.example', '/\n/evil.example',
  '/\r/evil.example', '\t//evil.example', ' //evil.example', '/ /evil.example\u0000', '/.//evil.example', '/./\\evil.example', '/..//evil.example', '/a/..//evil.example', '/a/../..//evil.example', '/%2e//evil.example', '/%2e%2e//evil.example', '/a/%2e%2e//evil.example',
  'http:evil.example', 'https:evil.example', 'http:/evil.example', 'https:///evil.example', 'HtTpS://evil.example', 'javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'java\tscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'ftp://evil.example', 'mailto:a@b.c',
  '@evil.example', 'evil.example', 'www.evil.example', '.evil.example', '?//evil.example', '#//evil.example', '', ' ', '.', '..', './/evil.example', '..//evil.example', '/\u0000/evil.example', '/\u000b//evil.example', '/\u007f/evil.example',
  'https://credentials.example.org.evil.example', 'https://credentials.example.org@evil.example', 'https://evil.example/credentials.example.org', '//credentials.example.org@evil.example', '//credentials.example.org', 'https://credentials.example.org/page',
  '\u{FF0F}\u{FF0F}evil.example', '／／evil.example', '/\u{FEFF}/evil.example\\', '/x\r\nset-cookie: a=b', '/x\nlocation: https://evil.example', '/x\u2028\\evil', 'x:y', '//[::1]/', '//127.0.0.1', '//0x7f.1', `/${'a'.repeat(3000)}`, '///', '//', '/\\', '\\', '//?x', '//#x', '/\\?x', 'blob:https://evil.example/x', 'about:blank', 'view-source:https://evil.example', 'intent://evil.example', '/\\\\evil.example\\', '/./../\\evil.example',
]

/** Names of another site, as a client can put them beside the real one: the head of a request, without its first line. `public` stands for this site's host. */
export const foreignHosts: readonly (readonly (readonly [name: string, value: string])[])[] = [
  [['host', 'evil.example']],
  [['host', 'public.evil.example']],
  [['host', 'evil.example#public']],
  [['host', 'public@evil.example']],
  [['host', 'evil.example/public']],
  [['host', 'public:80@evil.example']],
  [['host', 'public, evil.example']],
  [['host', 'evil.example:443']],
  [['host', 'PUBLIC.EVIL.EXAMPLE']],
  [['host', '']],
  [['x-forwarded-host', 'evil.example']],
  [['x-forwarded-host', 'public, evil.example']],
  [['x-forwarded-host', 'evil.example, public']],
  [['forwarded', 'for=203.0.113.9;host=evil.example;proto=http']],
  [['x-forwarded-server', 'evil.example'], ['x-host', 'evil.example'], ['x-http-host-override', 'evil.example']],
  [['x-original-url', 'https://evil.example/'], ['x-rewrite-url', '//evil.example/']],
  [['x-forwarded-proto', 'http'], ['x-forwarded-host', 'evil.example'], ['x-forwarded-port', '8080']],
  [['x-forwarded-prefix', '//evil.example'], ['x-script-name', 'https://evil.example']],
  [['origin', 'https://evil.example'], ['referer', 'https://evil.example/c/x']],
  [['x-forwarded-for', '203.0.113.9'], ['x-forwarded-host', 'evil.example'], ['via', '1.1 evil.example']],
  [['host', 'evil.example'], ['x-forwarded-host', 'public']],
  [['host', 'evil.example\u00a0public']],
]
