/* Compiler attributes by readable names, and the functions nobody may call. */
#ifndef LATCHKEY_BASE_ATTRS_H
#define LATCHKEY_BASE_ATTRS_H

#include "base/banned.h"

/* The result carries an error or an allocation: ignoring it is a bug. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* No pointer argument may be NULL. */
#define NONNULL __attribute__((nonnull))
#define NORETURN __attribute__((noreturn))
/* Argument number fmt is a printf format, its values start at args. */
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
