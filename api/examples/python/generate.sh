#!/usr/bin/env bash
# Makes the Python stubs of the contract in the directory DIR (default: beside this script). On Debian
# protoc and its plugin are in protobuf-compiler and protobuf-compiler-grpc; the stubs need
# python3-grpcio and python3-protobuf.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="${1:-$here}"
protos="$here/../../src/main/proto"
mkdir -p "$out"
protoc --proto_path="$protos" --python_out="$out" --grpc_out="$out" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
  "$protos"/quoll/v1/{common,tree,session,watch}.proto
