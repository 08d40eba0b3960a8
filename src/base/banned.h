/*
 * Functions that invite overflows, hidden state or silent errors do not
 * compile here.  The headers that declare them come first, so that their own
 * declarations are left alone.
 */
#ifndef LATCHKEY_BASE_BANNED_H
#define LATCHKEY_BASE_BANNED_H

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(func) use_of_##func##_is_banned

#undef strcpy
#define strcpy BANNED(strcpy)
#undef strcat
#define strcat BANNED(strcat)
#undef strncpy
#define strncpy BANNED(strncpy)
#undef strncat
#define strncat BANNED(strncat)
#undef sprintf
#define sprintf BANNED(sprintf)
#undef vsprintf
#define vsprintf BANNED(vsprintf)
#undef sscanf
#define sscanf BANNED(sscanf)
#undef strtok
#define strtok BANNED(strtok)
#undef atoi
#define atoi BANNED(atoi)
#undef atol
#define atol BANNED(atol)
#undef strtol
#define strtol BANNED(strtol)
#undef strtoul
#define strtoul BANNED(strtoul)
#undef strtoll
#define strtoll BANNED(strtoll)
#undef rand
#define rand BANNED(rand)
#undef random
#define random BANNED(random)
#undef gmtime
#define gmtime BANNED(gmtime)
#undef localtime
#define localtime BANNED(localtime)
#undef alloca
#define alloca BANNED(alloca)

#endif
