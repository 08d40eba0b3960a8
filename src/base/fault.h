/*
 * Places at which a test build can be made to die, so that tests can kill a
 * process between any two steps.  Other builds hold nothing of it.
 */
#ifndef LATCHKEY_BASE_FAULT_H
#define LATCHKEY_BASE_FAULT_H

#ifdef LATCHKEY_FAULTS
/*
 * Kill this process by SIGKILL if there is a file fault-NAME in the
 * run directory, which is removed: one file, one death.
 */
void fault_point(const char *name);
#else
static inline void
fault_point(const char *name)
{
	(void)name;
}
#endif

#endif
