#!/bin/sh
# What happens when very many join one room at once, with the room's log on the disk and a backend that is told of each: the server has one
# core, its members and the backend another. Fails when a count is wrong anywhere or a webhook is missing.
#
#   bench/run-storm.sh                       # a storm of joins and leaves; how fast webhooks go out, in one room and in 100; what batching saves
#   bench/run-storm.sh kills [options]       # only: the server is killed again and again, and no webhook is lost; about three minutes
#   bench/run-storm.sh storm --members 2000  # only: that part, with those options
set -eu
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)"
dotnet build bench/Dais.StormBench -c Release -v q --nologo -p:DaisBuildWeb=false

run() {
    taskset -c 1 bench/Dais.StormBench/bin/Release/net10.0/Dais.StormBench "$@" --server-cores 0
}

case ${1:-all} in
    all)
        run storm
        run webhooks
        run webhooks --rooms 100
        run webhooks --rate 1000
        run webhooks --rooms 100 --rate 1000
        run log
        ;;
    kills)
        shift
        run kills --rate 2500 "$@"
        ;;
    *)
        run "$@"
        ;;
esac
