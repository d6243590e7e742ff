#!/bin/sh
# Makes the authority of the stores and a certificate for each of them, once: sh make.sh DIRECTORY
# Keys are RSA because KurrentDB reads PKCS #8 RSA; ten years for the authority, two for the others. What is there is kept.
set -eu
umask 077
directory=$1
mkdir -p "$directory"
cd "$directory"

if [ ! -f ca.crt ]; then
  openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 3650 -keyout ca.key -out ca.crt -subj '/O=Mingjing/CN=Mingjing stores' \
    -addext 'basicConstraints=critical,CA:true,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
fi

# certificate FILE COMMON-NAME DNS-NAME: nodes of KurrentDB know each other by one common name, so all three have the same.
certificate() {
  [ ! -f "$1.crt" ] || return 0
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/O=Mingjing/CN=$2" 2>/dev/null
  {
    echo 'basicConstraints=critical,CA:false'
    echo 'keyUsage=critical,digitalSignature,keyEncipherment'
    echo 'extendedKeyUsage=serverAuth,clientAuth'
    echo "subjectAltName=DNS:$3,DNS:localhost,IP:127.0.0.1"
  } > "$1.ext"
  openssl x509 -req -sha256 -days 730 -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
}
for node in kurrentdb-1 kurrentdb-2 kurrentdb-3; do certificate "$node" mingjing-kurrentdb "$node"; done
certificate postgres postgres postgres
