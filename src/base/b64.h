/*
 * base64url without padding (RFC 4648, 5; RFC 7515, 2), and base64 as others
 * write it; canonical only.
 */
#ifndef LATCHKEY_BASE_B64_H
#define LATCHKEY_BASE_B64_H

#include "base/attrs.h"
#include "base/buf.h"
#include "base/str.h"

/* Text length of len bytes. */
#define B64_LEN(len) ((4 * (len) + 2) / 3)

NONNULL void b64_encode(struct buf *buf, const void *bytes, size_t len);

/*
 * Decode all of text.  Any byte outside of the alphabet, padding, a length of
 * 4n+1 and unused bits that are not zero refuse it: one value has exactly one
 * text.  bytes_r has room for text.len * 3 / 4 bytes.
 * Returns 1 with the length, or 0.
 */
MUST_CHECK NONNULL int
b64_decode(struct str text, unsigned char *bytes_r, size_t *len_r);

/* The same with '+' and '/' (RFC 4648, 4): without, and with, its padding. */
MUST_CHECK NONNULL int
b64_decode_unpadded(struct str text, unsigned char *bytes_r, size_t *len_r);
MUST_CHECK NONNULL int
b64_decode_plain(struct str text, unsigned char *bytes_r, size_t *len_r);

#endif
