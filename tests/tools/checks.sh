#!/bin/bash
# The checks' own test: plant each violation in a small tree of its own and
# see that it is reported, at its line, with exit status 1; and see that the
# same tree without it is clean.
#   tests/tools/checks.sh [PART OF A CASE'S NAME]
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
only=${1-}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit 1
passed_n=0
failed_n=0

# A small house in which every arrow is allowed.
plant_clean() {
	rm -rf "${tree:?}"/*
	mkdir -p src/{base,wrap,model,auth,web,ctl} cgi-bin tools
	cp "$root/.clang-format" "$root/.clang-tidy" .
	printf '%s\n' '/* P. */' '#ifndef BASE_STR_H' '#define BASE_STR_H' '' \
	    '#include <stddef.h>' '' 'struct str {' $'\tconst char *ptr;' \
	    $'\tsize_t len;' '};' '' 'int str_len(struct str s);' '' '#endif' \
	    >src/base/str.h
	printf '%s\n' '/* P. */' '#include "base/str.h"' '' 'int' \
	    'str_len(struct str s)' '{' $'\treturn s.ptr != NULL;' '}' \
	    >src/base/str.c
}

# check NAME TOOL "FILE:LINE: PATTERN" (empty: clean); the tree is planted.
check() {
	local name=$1 want=$3 out status
	read -ra command <<<"$2"
	[[ $name == *"$only"* ]] || return 0
	out=$(BUILD=$tree/build "$root/tools/${command[0]}" "${command[@]:1}" 2>&1)
	status=$?
	if [[ -z $want ]]; then
		[[ $status == 0 && $out == *" 0 findings" ]]
	else
		[[ $status == 1 ]] && grep -qE "^$want.*; " <<<"$out"
	fi
	if [[ $? == 0 ]]; then
		passed_n=$((passed_n + 1))
		return
	fi
	failed_n=$((failed_n + 1))
	echo "not ok: $name"
	echo "  wanted: ${want:-no finding}; got status $status and:"
	printf '%s\n' "$out" | head -5 | sed 's/^/  /'
	echo "  again: tests/tools/checks.sh '$name'"
}

# layers FILE LINE PATTERN: a file of one line, or none for a clean result.
layer() {
	plant_clean
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >"$1"
	check "layers: $1 with $2" layers "${3:+$1:1: $3}"
}

banned() {
	plant_clean
	printf 'void f(void)\n{\n%s\n}\n' "$1" >src/base/f.c
	check "banned: $1" banned "${2:+src/base/f.c:3: $2}"
}

# repeat N TEXT
repeat() {
	local i
	for ((i = 0; i < $1; i++)); do printf '%s\n' "$2"; done
}

plant_clean
check "layers: clean" layers ""
check "sizes: clean" sizes ""
check "banned: clean" banned ""
check "lint: clean" lint ""
check "lint: clean once more" lint ""

# Arrows that are drawn.
layer src/wrap/json.c '#include <json-c/json.h>' ""
layer src/wrap/jwtcheck.c '#include <jwt.h>' ""
layer src/wrap/db.c '#include <mysql/mysql.h>' ""
layer src/wrap/db.c '#include "wrap/json.h"' ""
layer src/wrap/jws_key.c '#include <openssl/evp.h>' ""
layer src/wrap/jws_key.c '#include "wrap/jws.h"' ""
layer src/wrap/db_internal.h '#include <mysql.h>' ""
layer src/wrap/db_pool.c '#include "wrap/db_internal.h"' ""
layer src/wrap/digest.c '#include <openssl/crypto.h>' ""
layer src/wrap/pwhash.c '#include <sodium.h>' ""
layer src/wrap/fcgi.c '#include <fcgiapp.h>' ""
layer src/model/user.c '#include "wrap/db.h"' ""
layer src/auth/login.c '#include "wrap/pwhash.h"' ""
layer src/auth/login.h '#include "model/user.h"' ""
layer src/web/serve.c '#include "wrap/fcgi.h"' ""
layer src/web/guard.h '#include "auth/gate.h"' ""
layer src/ctl/user.c '#include "auth/account.h"' ""
layer cgi-bin/login.c '#include "web/endpoint.h"' ""
layer src/base/error.c '#include "errors.def"' ""
layer src/model/schema.c '#include "schema_files.h"' ""
layer src/base/rnd.c '#include <sys/random.h>' ""
layer src/model/user.c 'const char *q = "SELECT id FROM user";' ""
layer src/web/serve.c 'const char *m = "DELETE";' ""
layer src/web/serve.c '/* "SELECT id" and #include "model/user.h" */' ""

# Arrows that are not.
layer src/base/str.c '#include "wrap/json.h"' 'base may not include'
layer src/wrap/db.c '#include "model/user.h"' 'wrap may not include'
layer src/wrap/fcgi.c '#include "wrap/json.h"' 'wrap may not include'
layer src/wrap/json.c '#include "wrap/jws.h"' 'wrap may not include'
layer src/model/user.c '#include "auth/login.h"' 'model may not include'
layer src/auth/login.c '#include "wrap/fcgi.h"' 'auth may not include'
layer src/auth/login.c '#include "web/reply.h"' 'auth may not include'
layer src/web/serve.c '#include "auth/gate.h"' 'web may not include'
layer src/web/guard.c '#include "model/user.h"' 'web may not include'
layer src/web/reply.c '#include "wrap/db.h"' 'web may not include'
layer src/ctl/user.c '#include "web/reply.h"' 'ctl may not include'
layer src/ctl/user.c '#include "wrap/db.h"' 'ctl may not include'
layer cgi-bin/login.c '#include "model/user.h"' 'cgi-bin may not include'
layer cgi-bin/login.c '#include "wrap/json.h"' 'cgi-bin may not include'
layer src/web/serve.c '#include "../model/user.h"' '.*climbs'
layer src/web/serve.c '#include "user.h"' '.*hides its layer'
layer src/model/user.c '#include "wrap/db_internal.h"' '.*another module alone'
layer src/wrap/jws.c '#include "wrap/json_internal.h"' '.*another module alone'
layer src/wrap/db_internal.h '#include <openssl/evp.h>' 'foreign header'
layer src/web/serve.c '# include <model/user.h>' 'web may not include'
layer src/web/serve.c '#include "schema_files.h"' '.*hides its layer'
layer src/new/x.c '#include "base/str.h"' 'new may not include'
layer src/model/user.c '#include <mysql.h>' 'foreign header'
layer src/auth/token.c '#include <jansson.h>' 'foreign header'
layer src/auth/token.c '#include "jwt.h"' 'foreign header'
layer src/base/secret.c '#include <openssl/crypto.h>' 'foreign header'
layer src/base/rnd.c '#include <sodium.h>' 'foreign header'
layer src/wrap/jwtcheck.c '#include <openssl/evp.h>' 'foreign header'
layer src/wrap/json.h '#include <json-c/json.h>' 'foreign header'
layer src/web/serve.c '#include <fcgi_stdio.h>' 'foreign header'
layer src/wrap/db.c '#include <mariadb/mysql.h>' ""
layer src/base/file.c '#include <curl/curl.h>' 'unknown library'
layer src/auth/login.c 'const char *q = "SELECT id FROM user";' 'SQL outside'
layer src/wrap/db.c 'const char *q = "CREATE TABLE t (a INT)";' 'SQL outside'
layer src/config.def 'X("UPDATE user SET a = 1")' 'SQL outside'
plant_clean
repeat 80 'int a;' >cgi-bin/login.c
check "layers: an endpoint of 80 lines" layers 'cgi-bin/login.c:80: endpoint'

# Functions and habits.
for call in strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol \
    strtol strtoul strtoll sscanf gets rand random srand gmtime localtime \
    alloca system popen FCGX_FPrintF; do
	banned $'\t'"x = $call(a, b);" "$call\(\) is banned"
done
banned $'\tx = strtok_of(a); s->random(b); rnd_random(c);' ""
banned $'\t/* strcpy(a, b) has no bound */' ""
banned $'\tputs("strcpy(a, b)");' ""
banned $'\tprintf(text);' 'printf\(\) with a format'
banned $'\tfprintf(f(a, b), text, b);' 'fprintf\(\) with a format'
banned $'\tsnprintf(a, sizeof(a),\n\t    text);' 'snprintf\(\) with a format'
banned $'\tsnprintf(a, f(b, c), "%s", d);' ""
banned $'\ttypedef struct x x_t;' 'typedef of a struct'
banned $'#if 0' 'code switched off'
banned $'\t// x = y;' 'commented-out code'
banned $'\t/* x = f(y); */' 'commented-out code'
banned $'\t/* if (a) { */' 'commented-out code'
banned $'\t/* return x; */' 'commented-out code'
banned $'\t/* The row is kept; the next one too; */' ""
banned $'\t/* Returns 1, or 0 with *x_r untouched;\n\t * then nothing moved (see above). */' ""
for word in TO"DO" FIX"ME" XX"X" HAC"K"; do
	banned $'\t'"/* $word: later. */" "the word $word"
	plant_clean
	echo "# $word" >tools/x
	check "banned: $word in a script" banned "tools/x:1: the word $word"
done

# Sizes.
plant_clean
repeat 401 'extern int a;' >src/base/long.h
check "sizes: a file of 401 lines" sizes 'src/base/long.h:401: file has 401'
plant_clean
printf '/* %077d */\n/*\t%069d */\n' 0 0 >src/base/wide.h
check "sizes: a line of 83 columns" sizes 'src/base/wide.h:1: line has more'
printf '/*\t%070d */\n' 0 >src/base/wide.h
check "sizes: a line of 81 columns" sizes 'src/base/wide.h:1: line has more'
printf '/*\t%069d */\n' 0 >src/base/wide.h
check "sizes: a line of 80 columns" sizes ""
plant_clean
{ printf 'int\nf(void)\n{\n'; repeat 67 $'\ta();'; echo '}'; } >src/base/f.c
check "sizes: a function of 70 lines" sizes ""
{ printf 'int\nf(void)\n{\n'; repeat 68 $'\ta();'; echo '}'; } >src/base/f.c
check "sizes: a function of 71 lines" sizes 'src/base/f.c:2: f\(\) has 71 lines'
printf 'int\nf(int a, int (*b)(int, int), int c, int d, int e)\n{\n}\n' \
    >src/base/f.c
check "sizes: 5 parameters" sizes ""
printf 'int\nf(int a, int b, int c, int d, int e, int g)\n{\n}\n' >src/base/f.c
check "sizes: 6 parameters" sizes 'src/base/f.c:2: f\(\) has 6 parameters'
printf 'int\nmmap(int a, int b, int c, int d, int e, int g)\n{\n}\n' >src/base/f.c
check "sizes: 6 parameters where the C library has as many" sizes ""
nest="int
f(void)
{
	while (a) {
		if (b) {
			for (;;) {
				c(d,
				    e);
BODY
			}
		}
	}
}"
body=$'\t\t\t\td();'
echo "${nest/BODY/$body}" >src/base/f.c
check "sizes: 3 levels" sizes ""
body=$'\t\t\t\tif (d)\n\t\t\t\t\te();'
echo "${nest/BODY/$body}" >src/base/f.c
check "sizes: 4 levels" sizes 'src/base/f.c:10: f\(\) nests 4'

# lint passes its parts on.
lint() {
	plant_clean
	printf '/* P. */\n%s\n' "$3" >"$2"
	check "lint $1: $3" "lint $1" "$2:$4"
}
lint format src/base/f.c 'int  a;' '2: not formatted'
lint banned src/base/f.c 'int a = atoi(b);' '2: atoi'
lint sizes src/base/f.c $'int\nf(int a, int b, int c, int d, int e, int g)\n{\n}' \
    '3: f\(\) has 6'
lint compile src/base/f.c $'int f(long a);\nint\nf(long a)\n{\n\treturn a;\n}' \
    '6: .*Wconversion'
lint compile src/base/f.c $'int f(int a);\nint\nf(int a)\n{\n\tif (a == 1)\n\t\treturn 1;\n\telse if (a == 1)\n\t\treturn 2;\n\treturn 0;\n}' \
    '8: .*Wduplicated-cond'
lint compile src/base/f.c $'int f(int a);\nint\nf(int a)\n{\n\tif (a != 0)\n\t\treturn 1;\n\telse\n\t\treturn 2;\n}' \
    '8: .*readability-else-after-return'
lint compile src/base/f.h 'size_t f(void);' '2: unknown type'
lint compile src/base/f.c '#include "base/none.h"' '2: .*none.h'
lint cppcheck src/base/f.c $'int f(void);\nint\nf(void)\n{\n\tint a[2];\n\n\ta[2] = 1;\n\treturn a[2];\n}' \
    '8: .*arrayIndexOutOfBounds'
plant_clean
printf '#!/bin/bash\nif true\n' >tools/x
check "lint shell: an if without its end" "lint shell" 'tools/x:3: syntax error'
# shellcheck disable=SC2016 # The unquoted expansion is the fault planted.
printf '#!/bin/bash\nrm $1\n' >tools/x.sh
check "lint shell: an unquoted word" "lint shell" 'tools/x.sh:2: .*SC2086'

echo "checks: $passed_n passed, $failed_n failed"
((failed_n == 0))
