/* Work that takes its time, behind whatever else there is to do. */
#ifndef LATCHKEY_BASE_BACKGROUND_H
#define LATCHKEY_BASE_BACKGROUND_H

#include "base/attrs.h"

/*
 * Run work(argument) in a thread of its own, of lower priority (sched(7), the
 * nice value), and wait for it.  A thread can give priority away and not take
 * it back, so it is a new one each time; where none is to be had, the work is
 * done in this one.  Returns what work returns.
 */
NONNULL int background_run(int (*work)(void *argument), void *argument);

#endif
