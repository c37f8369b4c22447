#!/bin/sh
# Holds the worker's forwarding against the same loop in C: both alternately, in short turns, so that whatever else the machine does meets
# both. Prints median, least and most CPU per forwarded packet of each, and the ratio of the medians. Fails only when something cannot run.
#
#   bench/run-forward.sh [turns] [repetitions per turn]
set -eu
turns=${1:-5}
repetitions=${2:-5}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc -O2 -o "$work/forward" bench/c-loop/forward.c -lcrypto
dotnet build bench/Dais.Bench -c Release -v q --nologo -p:DaisBuildWeb=false
bench=bench/Dais.Bench/bin/Release/net10.0/Dais.Bench.dll

turn=0
while [ "$turn" -lt "$turns" ]; do
    "$work/forward" "$repetitions" >> "$work/c"
    dotnet "$bench" forward --raw --repetitions "$repetitions" >> "$work/dais"
    turn=$((turn + 1))
done

# Prints "median least most" of one kind in one file.
summary() {
    awk -v kind="$1" '$1 == kind { print $2 }' "$2" | sort -n | awk '
        { value[NR] = $1 }
        END { if (NR == 0) exit 1; print value[int((NR + 1) / 2)], value[1], value[NR] }'
}

for kind in null sendmmsg; do
    c=$(summary "$kind" "$work/c")
    dais=$(summary "$kind" "$work/dais")
    echo "$kind $c $dais" | awk -v n=$((turns * repetitions)) '{
        printf "%-9s C %5.0f ns (%.0f to %.0f)   Dais %5.0f ns (%.0f to %.0f)   Dais / C = %.3f   (%d repetitions each)\n",
            $1, $2, $3, $4, $5, $6, $7, $5 / $2, n }'
done
dotnet "$bench" forward
