import { parseOrigin } from './origins.ts';

/** A year, as browsers' lists of such sites ask for. Not for subdomains: they need not be ours. */
const HSTS = 'max-age=31536000';

/** What the pages, and whatever gets to run in them, have no use for. The clipboard is not among it. */
const FEATURES_OFF = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/**
 * The headers of every page, by lower-case name. Documents with a style of their own (the API reference) send a stricter
 * policy in place of this one.
 *
 * @param publicUrl where browsers find the server; its WebSockets are named by it, because not every browser takes
 * `'self'` to mean them
 * @throws RangeError when that is no origin
 */
export function pageHeaders(publicUrl: string): ReadonlyMap<string, string> {
  const origin = parseOrigin(publicUrl);
  const headers = new Map([
    ['content-security-policy', policy(origin.replace(/^http/, 'ws'))],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    // For browsers that do not know frame-ancestors.
    ['x-frame-options', 'DENY'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', FEATURES_OFF.map((feature) => `${feature}=()`).join(', ')],
  ]);
  // Over plain HTTP browsers ignore it (RFC 6797, section 8.1).
  if (origin.startsWith('https:')) headers.set('strict-transport-security', HSTS);
  return headers;
}

const policy = (sockets: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Agents have images from anywhere.
    "img-src 'self' https: data:",
    // The build puts fonts below 4 KiB into the style sheet.
    "font-src 'self' data:",
    `connect-src 'self' ${sockets}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
