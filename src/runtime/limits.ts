/** What an HTTP client has to send all headers of a request, against one byte a minute. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** What an HTTP client has to send a whole request, and then to read some more of the answer. */
export const REQUEST_TIMEOUT_MS = 60_000;
/** How long an HTTP connection may rest between two requests. */
export const KEEP_ALIVE_TIMEOUT_MS = 30_000;
/** Request line and headers together. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** What a refused upgrade has to read the answer. */
export const REFUSAL_TIMEOUT_MS = 5_000;
/** What a socket buffers before `write` says `backpressure`, unless the caller says otherwise. */
export const DEFAULT_HIGH_WATER_BYTES = 64 * 1024;
/** Messages below this go uncompressed: deflate would cost more than it saves. */
export const COMPRESS_FROM_BYTES = 1024;
