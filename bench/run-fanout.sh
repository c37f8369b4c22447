#!/bin/sh
# What it costs to tell every member of a room something: Dais beside a bare Kestrel WebSocket loop and a SignalR hub. The server has one
# core, the members another; the servers take turns, so that whatever else the machine does meets all of them. Prints the medians: messages
# delivered per second of the server's CPU, and their ratios. Fails only when something cannot run or a message was lost.
#
#   bench/run-fanout.sh [members] [messages a second] [turns] [seconds per turn]
set -eu
members=${1:-5000}
rate=${2:-20}
turns=${3:-3}
seconds=${4:-10}
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

dotnet build bench/Dais.FanoutBench -c Release -v q --nologo
dotnet build src/Dais.Server -c Release -v q --nologo -p:DaisBuildWeb=false
bench=bench/Dais.FanoutBench/bin/Release/net10.0/Dais.FanoutBench.dll
dais=src/Dais.Server/bin/Release/net10.0/Dais.Server.dll

free_port() {
    dotnet "$bench" port
}

# Starts one kind of server on core 0 and waits until it listens.
start() {
    port=$(free_port)
    case $1 in
        dais)
            DOTNET_gcServer=0 ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS="http://127.0.0.1:$port" Logging__LogLevel__Default=Warning \
                Dais__DataPath="$work/data$port" Dais__Media__Port=0 Dais__Media__Workers=1 Dais__Limits__RequestsPerSecond=100000 \
                Dais__Limits__RequestsBurst=100000 Dais__Limits__MembersPerRoomMax=20000 Dais__Messages__PerSecond=1000 \
                Dais__Messages__Burst=10000 Dais__Limits__ConnectionsMax=30000 taskset -c 0 dotnet "$dais" > "$work/$1.log" 2>&1 &
            ;;
        *)
            DOTNET_gcServer=0 taskset -c 0 dotnet "$bench" serve "$1" "http://127.0.0.1:$port" > "$work/$1.log" 2>&1 &
            ;;
    esac
    server=$!
    dotnet "$bench" wait "$port"
}

# Puts what one turn measures of one kind into a file.
measure() {
    start "$1"
    taskset -c 1 dotnet "$bench" load --server "$1" --port "$port" --pid "$server" \
        --members "$members" --rate "$2" --seconds "$3" >> "$work/$4"
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}

# Memory first, and apart: by default the garbage collector waits for as much garbage as the machine's cache holds, which may be hundreds of
# megabytes, and hides what a member costs. Here every server collects after 4 MiB (the number is hexadecimal).
export DOTNET_GCgen0size=400000
for kind in dais bare signalr; do
    measure "$kind" 1 1 "$kind.memory"
done
unset DOTNET_GCgen0size

turn=0
while [ "$turn" -lt "$turns" ]; do
    for kind in dais bare signalr; do
        measure "$kind" "$rate" "$seconds" "$kind"
    done
    turn=$((turn + 1))
done

# Prints the least and the most delivered per CPU second.
spread() {
    sort -n "$work/$1" | awk '{ value[NR] = $1 } END { print value[1] "-" value[NR] }'
}

# Prints the median of one column of one kind.
median() {
    awk -v column="$2" '{ print $column }' "$work/$1" | sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

echo "$members members, $rate messages a second, $turns turns of $seconds s"
for kind in dais bare signalr; do
    printf '%-8s %8s delivered per CPU second (%s us each), %s a second; %s KiB per idle member; %s s to join; %s\n' \
        "$kind" "$(median "$kind" 1)" "$(median "$kind" 3)" "$(median "$kind" 2)" "$(median "$kind.memory" 4)" "$(median "$kind" 5)" "$(spread "$kind")"
done
echo "$(median dais 1) $(median bare 1) $(median signalr 1)" | awk '{ printf "Dais / bare = %.2f   Dais / SignalR = %.2f\n", $1 / $2, $1 / $3 }'
