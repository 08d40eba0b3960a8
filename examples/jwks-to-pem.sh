#!/bin/bash
# Write the ES256 keys of a running Latchkey as DIRECTORY/KID.pem, for programs
# whose library reads PEM and no key set, and remove those it no longer has.
# Run it every few minutes: a new key is published ten minutes (keys.publish_s)
# before it signs.
# usage: examples/jwks-to-pem.sh http://127.0.0.1:8080 DIRECTORY
set -euo pipefail

# What stands before the point in a SubjectPublicKeyInfo of P-256 (RFC 5480).
readonly head=3059301306072A8648CE3D020106082A8648CE3D03010703420004

bytes() { tr -- '-_' '+/' <<<"$1=" | base64 -d; }

# Under its name only when it is whole.
write_key() { # KID X Y
	{
		basenc -d --base16 <<<"$head"
		bytes "$2"
		bytes "$3"
	} | openssl pkey -pubin -inform DER -out "$dir/$1.new"
	mv "$dir/$1.new" "$dir/$1.pem"
}

dir=$2
mkdir -p "$dir"
known=
while read -r kid x y; do
	# It becomes a file's name.
	[[ $kid =~ ^[A-Za-z0-9_-]+$ ]]
	write_key "$kid" "$x" "$y"
	known+=" $dir/$kid.pem "
done < <(curl -fsS "$1/.well-known/jwks.json" |
	jq -r '.keys[] | select(.crv == "P-256") | "\(.kid) \(.x) \(.y)"')
[[ -n $known ]] || {
	echo "jwks-to-pem.sh: no ES256 key at $1; is token.alg ES256?" >&2
	exit 1
}
for file in "$dir"/*.pem; do
	[[ $known == *" $file "* ]] || rm "$file"
done
