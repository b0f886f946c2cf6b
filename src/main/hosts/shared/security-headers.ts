/** What the page may do: run its own scripts, show its own styles, talk to its own host, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The editor places its lines with style attributes. Elements stay forbidden; nothing that a model wrote keeps its attributes.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  // Of its own files only the page that draws diagrams lets itself be framed.
  "frame-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Of every answer, page or not. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export const diagramPage = '/diagram/frame.html'

/**
 * The page that draws diagrams from what a model wrote: no origin, no network, and only inside of ours. It names its two
 * scripts itself, by their content, in a policy of its own; both policies hold.
 */
const diagramHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-security-policy': [
    "default-src 'none'", "script-src 'unsafe-inline'", "style-src 'unsafe-inline'", 'img-src data:', "frame-ancestors 'self'", "base-uri 'none'", "form-action 'none'", 'sandbox allow-scripts',
  ].join('; '),
  'x-frame-options': 'SAMEORIGIN',
}

/** Of a file of the window, by its path in the URL. */
export function assetHeaders(urlPath: string): Readonly<Record<string, string>> {
  return urlPath === diagramPage ? diagramHeaders : securityHeaders
}
