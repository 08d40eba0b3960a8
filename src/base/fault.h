/*
 * Places at which a test build (make FAULTS=1) can be made to die or to wait,
 * so that tests can kill a process, or another one, between any two steps.
 * Other builds hold nothing of it.
 */
#ifndef LATCHKEY_BASE_FAULT_H
#define LATCHKEY_BASE_FAULT_H

#ifdef LATCHKEY_FAULTS
/*
 * Kill this process by SIGKILL if there is a file fault-NAME in the
 * run directory, and stop it by SIGSTOP if there is a file pause-NAME.  The
 * file is removed first: one file, one death.
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
