#!/bin/bash
# Register, log in, call, refresh, log out: the whole flow by curl and jq
# against a running copy, said step by step.  Exit status 0 only if every step
# answers as it should.
# usage: [BASE=http://127.0.0.1:8080] examples/flow.sh
set -euo pipefail

base=${BASE:-http://127.0.0.1:8080}
base=${base%/}
email=flow-$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')@example.org
password="green river stone"
steps=0
answer=

fail() {
	echo "flow.sh: $*" >&2
	exit 1
}

step() {
	steps=$((steps + 1))
	printf '\n%d. %s\n' "$steps" "$*"
}

show() { printf '     %s\n' "$@"; }

# Enough of a secret to tell it from another.
short() { echo "${1:0:10}...${1: -8}"; }

# A member of the last answer.
member() { jq -r "$1" <<<"$answer"; }

# Send a request, keep the body in $answer, and insist on the status.
call() { # STATUS PATH [OPTION OF CURL]...
	local wanted=$1 path=$2 method status code=
	answer=$(curl -sS --max-time 30 -w '\n%{method} %{http_code}' \
	    "${@:3}" "$base$path") || fail "step $steps: no answer from $base"
	read -r method status <<<"${answer##*$'\n'}"
	answer=${answer%$'\n'*}
	if ((status >= 400)); then
		code=$(member '.code // ""' 2>/dev/null || true)
	fi
	show "$method $path  ->  $status $code"
	[[ $status == "$wanted" ]] ||
		fail "step $steps: expected $wanted, got $status $code"
}

expect() { # WHAT ACTUAL WANTED
	[[ $2 == "$3" ]] || fail "step $steps: $1 is $2, expected $3"
}

# The claims of a token (RFC 7519): its middle part, base64url without padding.
claims() {
	jq -R 'split(".")[1] | gsub("-"; "+") | gsub("_"; "/")
	    | . + "==="[:(4 - length % 4) % 4] | @base64d | fromjson' <<<"$1"
}

bearer() { echo "Authorization: Bearer $1"; }

# A JSON object of jq's --arg NAME TEXT and --argjson NAME VALUE.
object() { jq -nc '$ARGS.named' "$@"; }

for tool in curl jq; do
	command -v "$tool" >/dev/null ||
		fail "$tool is missing; apt-get install $tool"
done
ready=$(curl -s -o /dev/null --max-time 10 -w '%{http_code}' "$base/readyz") ||
	fail "nothing answers at $base; start it by 'make run', or set BASE"
[[ $ready == 200 ]] ||
	fail "$base is not ready ($ready); see 'make status' and the log"

echo "Latchkey at $base"

step "Register $email"
call 201 /api/auth/register --json "$(object --arg email "$email" \
    --arg password "$password" --arg confirmPassword "$password" \
    --argjson age 30)"
show "user $(member .id), roles $(member '.roles | join(", ")')"

step "Log in"
call 200 /api/auth/login --json "$(object --arg email "$email" \
    --arg password "$password")"
access=$(member .accessToken)
refresh=$(member .refreshToken)
show "access token   $(short "$access"), until $(member .accessTokenExpirationTime)"
show "refresh token  $(short "$refresh"), until $(member .refreshTokenExpirationTime)"

step "Ask who that is"
call 200 /api/users/me -H "$(bearer "$access")"
expect "the address" "$(member .email)" "$email"
show "$(member .email), $(member .status)"

step "Call a protected address"
call 200 /api/weather -H "$(bearer "$access")"
show "$(member '.[0] | "\(.date): \(.temperatureC) °C, \(.summary)"')"

step "Read the claims in the access token"
expect "token_use" "$(claims "$access" | jq -r .token_use)" access
mapfile -t lines < <(claims "$access" |
	jq -r '(.iat, .nbf, .exp) |= todate | to_entries[] | "\(.key): \(.value)"')
show "${lines[@]}"

step "Exchange the refresh token for a new pair"
call 200 /api/auth/refresh \
    --json "$(object --arg refreshToken "$refresh")"
new_access=$(member .accessToken)
new_refresh=$(member .refreshToken)
show "refresh token  $(short "$new_refresh")"
[[ $new_refresh != "$refresh" ]] ||
	fail "step $steps: the refresh token is still the old one"

step "Present the old one again, as after a lost answer: the same new one"
call 200 /api/auth/refresh \
    --json "$(object --arg refreshToken "$refresh")"
[[ $(member .refreshToken) == "$new_refresh" ]] ||
	fail "step $steps: it is another one"
show "refresh token  $(short "$(member .refreshToken)")"

step "Log out"
call 204 /api/auth/logout --json '{}' -H "$(bearer "$new_access")"

step "Call again with the token of the session that ended"
call 401 /api/weather -H "$(bearer "$new_access")"
expect "the code" "$(member .code)" invalid_token
show "$(member .title): dead at once, though not expired"

printf '\nAll %d steps answered as they should.\n' "$steps"
